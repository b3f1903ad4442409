"""The catalogue's pages in both consoles, as forms without scripts send them."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from core.catalogue import importing, reading, stock
from core.catalogue.models import CategoryRow, ListingRow
from core.catalogue.values import Seller
from core.kernel.db import session
from core.kernel.tx import transaction
from core.media import renditions
from core.media.models import MediaRow
from tests.core.catalogue.conftest import open_shop
from tests.web.catalogue.conftest import Browse


@pytest.fixture
def merchant(browse: Browse, seller: Seller) -> FlaskClient:
    return browse("merchant", seller.merchant_id)


@pytest.fixture
def operator(browse: Browse) -> FlaskClient:
    return browse("operator", None)


def filled(category: UUID, **more: str) -> dict[str, str]:
    base = {"title": "Oak board", "category_id": str(category), "rows": "1", "row-0-key": "[]", "row-0-price": "12.50"}
    return {**base, **more}


def written(merchant: FlaskClient, category: UUID, **more: str) -> UUID:
    answer = merchant.post("/merchant/products/new", data=filled(category, **more))
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["Location"].rpartition("/")[2])


def form_of(html: str) -> dict[str, str]:
    """Return what a browser would send of the page's product form."""
    form = re.search(r'<form method="post" id="product".*?</form>', html, re.S)
    assert form
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = (value[1] if value else "").replace("&#34;", '"')
    return found


def test_a_product_is_written_with_first_stock(merchant: FlaskClient, seller: Seller, category: UUID) -> None:
    listing_id = written(merchant, category, **{"row-0-stock": "7", "tags": "oak, gift"})
    with transaction():
        listing = reading.listing(listing_id, seller.merchant_id)
    assert (listing.price_from.minor, listing.variants[0].available, listing.tags) == (1250, 7, ("gift", "oak"))
    assert "Oak board" in merchant.get("/merchant/products").text


def test_new_option_values_make_rows_and_removed_rows_stay_away(
    merchant: FlaskClient, seller: Seller, category: UUID
) -> None:
    listing_id = written(merchant, category)
    at = f"/merchant/products/{listing_id}"

    def save(**more: str) -> list[tuple[str, ...]]:
        data = {**form_of(merchant.get(at).text), "category_id": str(category), **more}
        assert merchant.post(at, data=data).status_code == 303
        with transaction():
            return [variant.options for variant in reading.listing(listing_id).variants]

    sizes = {"option-0-name": "Size", "option-0-values": "S, L"}
    assert save(**sizes) == [("S",), ("L",)]
    assert save(**{"option-1-name": "Colour", "option-1-values": "Red"}) == [("S", "Red"), ("L", "Red")]
    assert save(**{"row-0-off": "1"}) == [("L", "Red")]
    assert save() == [("L", "Red")]


def test_a_refused_product_is_shown_again_as_typed(merchant: FlaskClient, category: UUID) -> None:
    answer = merchant.post("/merchant/products/new", data=filled(category, **{"row-0-price": "dear", "brand": "Oakes"}))
    assert (answer.status_code, 'value="Oakes"' in answer.text, 'value="dear"' in answer.text) == (422, True, True)
    with transaction():
        assert session().scalars(select(ListingRow)).all() == []


def test_a_product_goes_on_the_shelf_and_off_it(merchant: FlaskClient, seller: Seller, category: UUID) -> None:
    at = f"/merchant/products/{written(merchant, category)}"
    states = []
    for act in ("submit", "hide", "unhide", "archive", "restore"):
        answer = merchant.post(f"{at}/{act}")
        assert answer.status_code == 303, re.findall(r"banner danger.*?</div>", answer.text, re.S)
        with transaction():
            states.append(session().scalars(select(ListingRow.state)).one())
    assert states == ["live", "hidden", "live", "archived", "draft"]
    assert merchant.post(f"{at}/hide").status_code == 422


def png(width: int = 900) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (width, 600), "teal").save(out, "PNG")
    out.seek(0)
    return out


def test_pictures_are_added_rendered_and_served(merchant: FlaskClient, seller: Seller, category: UUID) -> None:
    at = f"/merchant/products/{written(merchant, category)}"
    merchant.post(f"{at}/pictures", data={"pictures": (png(), "board.png")})
    with transaction():
        media_id = session().scalars(select(MediaRow.id)).one()
    early = merchant.get(f"/media/{media_id}/320.webp")
    assert (early.status_code, early.mimetype, "immutable" in early.headers["Cache-Control"]) == (
        200,
        "image/png",
        False,
    )
    renditions.render({"media_id": str(media_id)})
    ready = merchant.get(f"/media/{media_id}/320.webp")
    assert (ready.mimetype, Image.open(io.BytesIO(ready.data)).width) == ("image/webp", 320)
    assert "immutable" in ready.headers["Cache-Control"]
    again = merchant.get(f"/media/{media_id}/320.webp", headers={"If-None-Match": ready.headers["ETag"]})
    assert again.status_code == 304
    merchant.post(f"{at}/gallery", data={f"alt-{media_id}": "A board of oak", f"place-{media_id}": "1"})
    assert "A board of oak" in merchant.get(at).text


def test_what_is_no_picture_is_refused(merchant: FlaskClient, category: UUID) -> None:
    at = f"/merchant/products/{written(merchant, category)}"
    svg = io.BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    merchant.post(f"{at}/pictures", data={"pictures": (svg, "board.png")})
    with transaction():
        assert session().scalars(select(MediaRow)).all() == []


def test_stock_is_corrected_with_a_reason(merchant: FlaskClient, seller: Seller, category: UUID) -> None:
    listing_id = written(merchant, category, **{"row-0-stock": "7"})
    with transaction():
        variant_id = reading.listing(listing_id).variants[0].id
    at = f"/merchant/stock/{variant_id}"
    assert merchant.post(at, data={"act": "adjust", "units": "5"}).status_code == 422
    assert merchant.post(at, data={"act": "adjust", "units": "5", "reason": "Two fell"}).status_code == 303
    assert "Two fell" in merchant.get(at).text
    assert "Oak board" in merchant.get("/merchant/stock").text
    with transaction():
        assert [m.balance for m in stock.movements(variant_id)] == [5, 7]


def test_a_file_is_mapped_tried_and_imported(merchant: FlaskClient, seller: Seller, category: UUID) -> None:
    head = "Handle,Title,Type,Variant SKU,Variant Inventory Qty,Variant Price"
    data = io.BytesIO(f"{head}\nbowl,Bowl,Kitchen,B,3,9\nvase,Vase,,V,1,cheap\n".encode())
    uploaded = merchant.post("/merchant/imports", data={"file": (data, "products.csv")})
    at = uploaded.headers["Location"]
    assert "Kitchen" in merchant.get(at).text
    for act, titles in (("dry_run", []), ("run", ["Bowl"])):
        started = merchant.post(at, data={"default": str(category), "act": act}).headers["Location"]
        importing.process(UUID(re.findall(r"[0-9a-f-]{36}", started)[0]))
        shown = merchant.get(started).text
        assert "Variant Price" in shown
        assert "vase" in shown
        with transaction():
            assert list(session().scalars(select(ListingRow.title))) == titles
    assert "bowl,Bowl" in merchant.get("/merchant/exports/products.csv").text


def test_a_strangers_product_is_not_found(browse: Browse, merchant: FlaskClient, category: UUID) -> None:
    listing_id = written(merchant, category)
    with transaction():
        variant_id, other = reading.listing(listing_id).variants[0].id, open_shop()
    stranger = browse("merchant", other.merchant_id)
    assert stranger.get(f"/merchant/products/{listing_id}").status_code == 404
    assert stranger.post(f"/merchant/products/{listing_id}", data=filled(category)).status_code == 404
    assert stranger.post(f"/merchant/products/{listing_id}/archive").status_code == 404
    assert stranger.get(f"/merchant/stock/{variant_id}").status_code == 404
    assert stranger.post(f"/merchant/stock/{variant_id}", data={"act": "receive", "units": "9"}).status_code == 404


def test_the_operator_keeps_the_tree(operator: FlaskClient) -> None:
    made = operator.post("/operator/categories", data={"name-en": "Home"}).headers["Location"]
    assert operator.post("/operator/categories", data={"name-en": "Home"}).status_code == 422
    with transaction():
        home = session().scalars(select(CategoryRow.id)).one()
    operator.post("/operator/categories", data={"name-en": "Lamps", "parent": str(home)})
    attribute = {"name-en": "Fitting", "code": "fitting", "kind": "choice", "options": "e27 | E27\ne14 | E14"}
    assert operator.post(f"{made}/attributes", data=attribute).status_code == 303
    assert "fitting" in operator.get(made).text
    assert operator.post(made, data={"act": "move", "parent": str(home), "place": "0"}).status_code == 422
    assert operator.post(made, data={"act": "delete"}).status_code == 422
    assert "home/lamps" in operator.get("/operator/categories").text


def test_the_operator_blocks_with_a_reason(operator: FlaskClient, merchant: FlaskClient, category: UUID) -> None:
    listing_id = written(merchant, category)
    merchant.post(f"/merchant/products/{listing_id}/submit")
    at = f"/operator/listings/{listing_id}"
    assert "Oak board" in operator.get("/operator/listings").text
    assert operator.post(at, data={"act": "block"}).status_code == 422
    assert operator.post(at, data={"act": "block", "reason": "Not oak"}).status_code == 303
    assert "Not oak" in merchant.get(f"/merchant/products/{listing_id}").text
    assert operator.post(at, data={"act": "unblock"}).status_code == 303
