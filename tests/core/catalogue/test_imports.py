"""Imports: whole products or none, a report for each bad row, twice is not double, and what is exported comes back."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.catalogue import export, importing, stock
from core.catalogue.importing import Kind, Mapped, Run
from core.catalogue.models import ListingRow, PictureRow, TagRow, VariantRow
from core.catalogue.shopify import parse
from core.catalogue.values import Seller
from core.kernel.db import session
from core.kernel.errors import Invalid, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from core.media import fetching
from core.media.models import MediaRow
from tests.core.catalogue.conftest import open_shop

SHARED = Path(os.environ.get("GALLERIA_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "shopify-csv"
HEAD = (
    "Handle,Title,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src"
)


def table(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


GOOD = "bowl,Bowl,wood,true,,,BOWL,4,12.50,https://pictures.invalid/bowl.jpg"
SIZES = ("mug,Mug,,true,Size,S,MUG-S,1,8,", "mug,,,,,L,MUG-L,2,9.50,")


def carried_out(data: bytes, seller: Seller, category: UUID, kind: Kind = Kind.RUN) -> Run:
    with transaction():
        media_id = importing.keep(data, "products.csv", seller)
        run_id = importing.start(media_id, seller, Mapped(category), kind)
    assert importing.process(run_id)
    with transaction():
        return importing.run(run_id)


def titles() -> list[str]:
    with transaction():
        return sorted(session().scalars(select(ListingRow.title)))


def test_a_file_becomes_listings_with_variants_and_stock(seller: Seller, category: UUID) -> None:
    run = carried_out(table(GOOD, *SIZES), seller, category)
    assert (run.total, run.done, run.created, run.updated, run.refused, run.report) == (2, 2, 2, 0, 0, ())
    with transaction():
        assert set(session().scalars(select(ListingRow.state))) == {"live"}
        levels = {level.sku: level.available for level in stock.levels(seller.merchant_id).rows}
        assert levels == {"BOWL": 4, "MUG-S": 1, "MUG-L": 2}


def test_the_same_file_again_updates_and_doubles_nothing(seller: Seller, category: UUID) -> None:
    carried_out(table(GOOD, *SIZES), seller, category)
    with transaction():
        before = set(session().scalars(select(VariantRow.id)))
    run = carried_out(table(GOOD.replace("12.50", "10"), *SIZES), seller, category)
    assert (run.created, run.updated, run.refused) == (0, 2, 0)
    with transaction():
        assert set(session().scalars(select(VariantRow.id))) == before
        assert session().scalar(select(ListingRow.price_from_minor).where(ListingRow.title == "Bowl")) == 1000
        assert session().scalar(select(func.count()).select_from(MediaRow).where(MediaRow.source_url != "")) == 1
        assert {level.sku: level.available for level in stock.levels(seller.merchant_id).rows}["BOWL"] == 4


def test_a_dry_run_says_the_same_and_writes_nothing(seller: Seller, category: UUID) -> None:
    bad = "vase,Vase,,true,,,BOWL,1,4,"
    dry = carried_out(table(GOOD, *SIZES), seller, category, Kind.DRY_RUN)
    assert (dry.created, dry.updated, dry.refused, titles()) == (2, 0, 0, [])
    carried_out(table(GOOD), seller, category)
    dry = carried_out(table(GOOD, bad), seller, category, Kind.DRY_RUN)
    assert (dry.created, dry.updated, dry.refused, titles()) == (0, 1, 1, ["Bowl"])


@pytest.mark.parametrize(
    ("rows", "number", "column"),
    [
        (("vase,Vase,,true,,,V,1,cheap,",), 2, "Variant Price"),
        (("vase,Vase,,true,,,V,1,4.999,",), 2, "Variant Price"),
        (("vase,,,true,,,V,1,4,",), 2, "Title"),
        (("vase,Vase,,true,,,V,many,4,",), 2, "Variant Inventory Qty"),
        (("vase,Vase,,true,Size,S,V,1,4,", "vase,,,,,S,W,1,4,"), 3, "Option1 Value"),
        (("vase,Vase,,true,Size,S,V,1,4,", "vase,,,,,L,W,1,bad,"), 3, "Variant Price"),
        ((f"vase,{'x' * 201},,true,,,V,1,4,",), 2, "Title"),
        ((",Vase,,true,,,V,1,4,",), 2, "Handle"),
    ],
)
def test_a_bad_row_is_reported_and_its_product_left_out_whole(
    seller: Seller, category: UUID, rows: tuple[str, ...], number: int, column: str
) -> None:
    run = carried_out(table(*rows, GOOD), seller, category)
    error = run.report[0]
    assert (error.row, error.column, bool(error.message), bool(error.advice)) == (number, column, True, True)
    assert (run.created, run.refused, titles()) == (1, 1, ["Bowl"])


def test_a_sku_of_another_product_refuses_the_product_and_keeps_the_rest(seller: Seller, category: UUID) -> None:
    run = carried_out(table(GOOD, "vase,Vase,,true,,,BOWL,1,4,", *SIZES), seller, category)
    assert (run.created, run.refused, titles()) == (2, 1, ["Bowl", "Mug"])
    assert (run.report[0].row, run.report[0].handle) == (3, "vase")


def test_too_many_tags_are_cut_with_a_note(seller: Seller, category: UUID) -> None:
    tags = ",".join(f"tag {n}" for n in range(14))
    run = carried_out(table(f'bowl,Bowl,"{tags}",true,,,B,1,4,'), seller, category)
    assert (run.created, run.report[0].is_warning, run.report[0].column) == (1, True, "Tags")
    with transaction():
        assert session().scalar(select(func.count()).select_from(TagRow)) == 10


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", HEAD.encode(), "Handle,Title\nä,ö".encode("latin-1")])
def test_a_file_that_is_no_product_table_is_refused(seller: Seller, data: bytes) -> None:
    with pytest.raises(Invalid), transaction():
        importing.keep(data, "x.csv", seller)
    with transaction():
        assert session().scalar(select(func.count()).select_from(MediaRow)) == 0


def test_types_and_tags_are_mapped_to_categories(seller: Seller, category: UUID) -> None:
    with transaction():
        assert importing.suggest(["KITCHEN", "厨房用品", "Garden"]) == {"kitchen": category, "厨房用品": category}


def test_a_picture_that_cannot_be_fetched_fails_no_row(seller: Seller, category: UUID) -> None:
    run = carried_out(table(GOOD.replace("pictures.invalid", "127.0.0.1:9")), seller, category)
    with transaction():
        media_id = session().scalars(select(PictureRow.media_id)).one()
    fetching.fetch({"media_id": str(media_id)})
    with transaction():
        assert run.created == 1
        assert session().scalar(select(MediaRow.state)) is not None
        assert session().scalar(select(MediaRow.state).where(MediaRow.id == media_id)) == "failed"
        assert [title for title, _url, _note in importing.failed_pictures(run.id)] == ["Bowl"]


def test_a_run_stopped_half_way_goes_on_where_it_was(seller: Seller, category: UUID) -> None:
    rows = [f"p{n},Product {n},,true,,,P{n},1,{n + 1}," for n in range(45)]
    with transaction():
        media_id = importing.keep(table(*rows), "many.csv", seller)
        run_id = importing.start(media_id, seller, Mapped(category), Kind.RUN)
    steps = 1
    while not importing.process(run_id, seconds=0.0):
        steps += 1
    with transaction():
        run = importing.run(run_id)
    assert (steps, run.created, run.refused, len(titles())) == (4, 45, 0, 45)


def test_what_is_exported_imports_again_without_a_change(seller: Seller, category: UUID) -> None:
    carried_out(table(GOOD, *SIZES), seller, category)
    with transaction():
        data = export.write_csv(seller.merchant_id, "https://m.example/media/{id}/1280.webp")
    run = carried_out(data, seller, category)
    assert (run.created, run.updated, run.refused, titles()) == (0, 2, 0, ["Bowl", "Mug"])


def test_no_cell_of_an_export_is_a_formula(seller: Seller, category: UUID) -> None:
    carried_out(table("evil,=HYPERLINK(1),@tag,true,,,+SKU,1,4,"), seller, category)
    with transaction():
        data = export.write_csv(seller.merchant_id, "{id}").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(data)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK(1)" in cells


def test_another_merchants_file_and_run_are_missing(seller: Seller, category: UUID) -> None:
    run = carried_out(table(GOOD), seller, category)
    with transaction():
        other = open_shop()
        media_id = session().scalars(select(MediaRow.id).where(MediaRow.media_type == "text/csv")).one()
    for act in (
        lambda: importing.start(media_id, other, Mapped(category), Kind.RUN),
        lambda: importing.outline(media_id, other.merchant_id),
        lambda: importing.run(run.id, other.merchant_id),
    ):
        with pytest.raises(Missing), transaction():
            act()


def test_another_tenant_sees_neither_run_nor_file(
    make_tenant: Callable[..., Tenant], seller: Seller, category: UUID
) -> None:
    run = carried_out(table(GOOD), seller, category)
    with bind(make_tenant()):
        with pytest.raises(Missing), transaction():
            importing.run(run.id)
        assert titles() == []


@pytest.mark.skipif(not SHARED.exists(), reason="needs the folder shared/data, which does not ship")
@pytest.mark.parametrize(("name", "products"), [("apparel.csv", 20), ("home-and-garden.csv", 20)])
def test_published_product_files_import_whole(seller: Seller, category: UUID, name: str, products: int) -> None:
    data = (SHARED / name).read_bytes()
    handles = len(parse(data, "EUR").products)
    run = carried_out(data, seller, category)
    assert (run.created, run.refused) == (handles, 0)
    assert [error for error in run.report if not error.is_warning] == []
    assert handles == products
