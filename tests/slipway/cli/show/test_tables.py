"""Nothing that people copy is split or cut, however narrow the terminal: ids, names, addresses, times."""

from datetime import UTC, datetime, timedelta
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from slipway.cli.show.cells import Names, Prose
from slipway.cli.show.columns import Column, Columns, when, words
from slipway.cli.show.tables import Heading, listing, record
from slipway.cli.show.widths import Need, cut, shared

ADDRESS = "https://slipway.example.com/api/v1/pipelines/webhook/4f2c9a"
TALE = "the checks of the night went well, and so it goes on"


def on_terminal(shown: RenderableType, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system=None, highlight=False)
    console.print(shown, soft_wrap=True)
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_prose_gives_way_and_is_cut_between_words() -> None:
    lines = on_terminal(listing(("run", "reason", "id"), [("shop/delivery#1", TALE, "R123456")]), 50)

    assert lines == [
        "RUN              REASON                    ID",
        "shop/delivery#1  the checks of the …       R123456",
    ]


def test_what_has_no_room_beside_prose_loses_its_spare_columns_first() -> None:
    headings = ("run", "reason", Heading(name="took", is_spare=True), Heading(name="id", is_spare=True))

    lines = on_terminal(listing(headings, [("shop/delivery#1", TALE, "4 min 02 s", "R" * 20)]), 50)

    assert lines[0] == "RUN              REASON                 TOOK"
    assert lines[-1] == "not shown for want of room: id (--wide)"


def test_what_still_has_no_room_becomes_a_record_for_each_row() -> None:
    rows = [("R1", ADDRESS, TALE), ("R2", ADDRESS, "")]

    lines = on_terminal(listing(("run", "address", "reason"), rows), 40)

    assert lines[:2] == ["run      R1", f"address  {ADDRESS}"]
    assert lines[2:4] == ["reason   the checks of the night went", "         well, and so it goes on"]
    assert lines[4:] == ["", "run      R2", f"address  {ADDRESS}"]


def test_names_side_by_side_are_cut_between_names() -> None:
    row = ("web", Names("shop/a-release-with-a-long-name, shop/web-v2"))

    assert on_terminal(listing(("name", "releases"), [row]), 44)[1] == "web   shop/a-release-with-a-long-name …"


def test_a_record_breaks_between_words_alone() -> None:
    lines = on_terminal(record({"webhook": ADDRESS, "why": TALE}), 40)

    assert lines == [
        f"webhook  {ADDRESS}",
        "why      the checks of the night went",
        "         well, and so it goes on",
    ]


def test_times_are_relative_in_lists_and_exact_in_records() -> None:
    began = datetime.now(UTC) - timedelta(minutes=3, seconds=20)
    columns = Columns((Column("run"), Column("began", show=when), Column("needs", show=words)))
    row = {"run": "R1", "began": began.isoformat(), "needs": ["a", "b"]}

    listed = on_terminal(columns.table([row]), 80)
    shown = on_terminal(columns.record(row), 80)

    assert listed == ["RUN  BEGAN      NEEDS", "R1   3 min ago  a, b"]
    assert began.astimezone().strftime("%Y-%m-%d %H:%M:%S ") in shown[1]
    assert shown[1].endswith(("UTC", began.astimezone().isoformat()[-6:]))


WORDS = st.text("ab0-_/#.é日", min_size=1, max_size=30)
ROWS = st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=6).map(" ".join).map(Prose), WORDS), min_size=1, max_size=4)


@given(ROWS, st.integers(1, 120))
def test_no_word_that_is_no_prose_is_split_or_cut_at_any_width(rows: list[tuple[str, Prose, str]], width: int) -> None:
    shown = "\n".join(on_terminal(listing(("one", "two", "three"), rows), width))

    assert all(one in shown and three in shown for one, _, three in rows)


@given(ROWS, st.integers(1, 120))
def test_a_table_is_no_wider_than_the_terminal(rows: list[tuple[str, Prose, str]], width: int) -> None:
    lines = on_terminal(listing(("one", "two", "three"), rows), width)

    assert not lines[0].startswith("ONE") or max(Console().measure(line).maximum for line in lines) <= width


NEEDS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 90)).map(lambda two: Need(least=two[0], all=sum(two))), max_size=6
)


@given(NEEDS, st.integers(-5, 300))
def test_widths_fill_the_room_and_no_more(needs: list[Need], room: int) -> None:
    widths = shared(needs, room)

    if widths is None:
        assert sum(need.least for need in needs) > room
        return
    assert all(need.least <= width <= need.all for need, width in zip(needs, widths, strict=True))
    assert sum(widths) == min(room, sum(need.all for need in needs))


@given(st.text("ab .,é日", max_size=40).map(lambda text: " ".join(text.split())), st.integers(0, 50))
def test_what_is_cut_has_its_width_and_says_so(text: str, width: int) -> None:
    shown = cut(text, width)

    assert shown == text or shown == "" or shown.endswith("…")
    assert Console().measure(shown).maximum <= max(width, 0)
