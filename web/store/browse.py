"""Lists of goods: home, a category, a search, and what is suggested while one types."""

from __future__ import annotations

from flask import after_this_request, request
from werkzeug.wrappers import Response

from core.catalogue import keyset, queries, search
from core.catalogue.keyset import Sort
from core.catalogue.queries import Filters
from core.catalogue.tree import Node, tree
from core.catalogue.visibility import Sight
from core.http.answers import Answer, Page, page
from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.errors import Missing, _
from core.kernel.tenancy import current
from core.kernel.tx import transaction
from core.merchants import shopfronts
from core.processes.policies import reading
from web import policies
from web.languages import language
from web.store import addresses, cards, front, panels, wishes
from web.store.surface import blueprint
from web.store.viewers import sight


@blueprint.get("/")
@edge(Realm.BUYER, login=False)
def home() -> Answer:
    """Show the marketplace's first page."""
    changing = [one for one in reading.coming(only_public=True).values() if one.number > 1]
    shown = front.values(current(), sight(), clock.now())
    return page("store/home.html", **shown, tab="home", changing=changing, rules=policies)


@blueprint.get("/categories/<path:path>")
@edge(Realm.BUYER, login=False)
def category(path: str) -> Answer:
    """Show the goods of a category and of those below it."""
    node = _node(path)
    asked, seen = wishes.read(addresses.category(node.path), request.args, node=node), sight()
    goods, total = listed(asked, seen)
    around, strip = panels.panel(asked, seen, total, node, panels.below(node)), cards.drawn(goods.cards)
    return page("store/category.html", fragment="store/_results.html", node=node, way=tree().way(node), wishes=asked,
                panel=around, cards=strip, next=goods.next, total=total, tab="browse", canonical=asked.path,
                words=language(), made_of=(strip, around, goods.next, total, tree().mark))  # fmt: skip


def _node(path: str) -> Node:
    node = tree().by_path.get(path)
    if node is None:
        raise Missing("catalogue.no_category", _("There is no such category"))
    return node


def listed(asked: wishes.Wishes, seen: Sight) -> tuple[queries.CardPage, queries.Total]:
    """Return a page and how many there are; a first page that holds all is its own count."""
    sort = Sort.NEWEST if asked.sort is Sort.BEST else asked.sort
    after = keyset.read(asked.cursor, sort) if asked.cursor else None
    goods = queries.page(asked.filters, seen, sort, after=after)
    if after is None and goods.next is None:
        return goods, queries.Total(len(goods.cards))
    return goods, queries.count(asked.filters, seen)


@blueprint.get("/search")
@edge(Realm.BUYER, login=False)
def find() -> Answer:
    """Show what words find, or all goods without words."""
    node = tree().by_path.get(request.args.get("category", ""))
    asked = wishes.read("/search", request.args, node=node, sort=Sort.BEST if request.args.get("q") else Sort.NEWEST)
    return _searched(asked, node) if asked.filters.words else _everything(asked, node)


def _everything(asked: wishes.Wishes, node: Node | None) -> Page:
    seen = sight()
    goods, total = listed(asked, seen)
    around, strip = panels.panel(asked, seen, total, node, panels.below(node)), cards.drawn(goods.cards)
    return page("store/search.html", fragment="store/_results.html", wishes=asked, panel=around, total=total,
                cards=strip, next=goods.next, query="", tab="browse",
                made_of=(strip, around, goods.next, total, tree().mark))  # fmt: skip


def _searched(asked: wishes.Wishes, node: Node | None) -> Page:
    seen = sight()
    found = search.find(asked.filters, seen, asked.sort, cursor=asked.cursor)
    links = panels.in_search(asked, found.by_category) if node is None else ()
    around = panels.panel(asked, seen, found.total, node, links)
    if not found.total.number and not asked.narrowing:
        _note_miss(asked.filters.words)
    popular = cards.drawn(queries.page(Filters(), seen, Sort.POPULAR, limit=4).cards) if not found.page.cards else ""
    strip, following = cards.drawn(found.page.cards), found.page.next
    return page("store/search.html", fragment="store/_results.html", wishes=asked, panel=around, total=found.total,
                cards=strip, next=following, query=asked.filters.words, popular=popular, spelling=found.spelling,
                departments=tree().roots, words=language(), tab="browse",
                made_of=(strip, popular, around, following, found.total, found.spelling, tree().mark))  # fmt: skip


def _note_miss(words: str) -> None:
    """Count the miss once the answer is made, in a transaction of its own: reading stays read-only."""

    @after_this_request
    def note(response: Response) -> Response:
        with transaction():
            search.note_miss(words)
        return response


@blueprint.get("/search/suggest")
@edge(Realm.BUYER, login=False)
def suggest() -> Answer:
    """Show goods, categories and shops for half-typed words, as a fragment below the search box."""
    words = request.args.get("q", "")[:100].strip()
    goods, nodes = search.suggest(words, sight(), language())
    shops = shopfronts.like(words) if len(words) > 1 else ()
    return page("store/_suggest.html", goods=goods, nodes=nodes, shops=shops, query=words, words=language())
