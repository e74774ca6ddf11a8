"""The market page in a real browser: every control acts, and nothing leaves the page."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest

from helpers.market_page import write_drawing, write_small_page, write_small_report
from helpers.visitor import Visitor, grave_findings, started_browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser():
    with started_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("market")
    return write_small_page(folder, tickers=("A", "B")).as_uri()


@pytest.fixture
def show(browser):
    """Opens pages, and at the end refuses every request, message and error of them."""
    visitor = Visitor(browser)
    yield visitor.show
    visitor.leave()
    assert visitor.other_requests + visitor.messages == []


@pytest.fixture
def page(show, address):
    """Opens the page of the market and waits for its paths."""
    page = show(address, viewport={"width": 1200, "height": 1400})
    drawn(page)
    return page


def drawn(page):
    """Waits until all paths are drawn, and returns what the page says of them."""
    page.wait_for_selector('.play[data-state="done"]')
    return page.inner_text(".play")


def move(page, name, value):
    """Moves a control as its user would, so that the page hears of it."""
    page.eval_on_selector(
        f'[name="{name}"]',
        "(control, value) => { control.value = value;"
        " control.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(value),
    )
    return drawn(page)


def seconds_of_work(counters):
    """Returns how long the page's thread has worked."""
    metrics = counters.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def value_of(page, name):
    return page.inner_text(f'[data-value="{name}"]')


def shown(page):
    """Returns all values of the page but the time that they took."""
    drawn(page)
    return tuple(page.locator("[data-value]:not([data-value=status])").all_inner_texts())


def test_every_control_changes_what_is_shown(page):
    move(page, "paths", 1)  # a hundred, which are soon drawn
    seen = [shown(page)]
    for start in ("any", "calm", "normal", "crisis", "percentile"):
        page.check(f'input[value="{start}"]', force=True)
        seen.append(shown(page))
    controls = {"percentile": 10, "horizon": 4, "paths": 2, "fall": 3, "seed": 77, "asset": 1}
    for name, value in controls.items():
        move(page, name, value)
        seen.append(shown(page))
    page.click(".new-seed")
    seen.append(shown(page))
    assert len(set(seen)) == len(seen)
    page.check('input[value="today"]', force=True)
    for name, value in {"horizon": 7, "paths": 1, "fall": 10, "seed": 1, "asset": 0}.items():
        move(page, name, value)
    assert shown(page) == seen[0]  # the same settings, the same paths


def test_a_state_of_low_volatility_has_a_narrower_fan_than_one_of_high_volatility(page):
    move(page, "paths", 2)
    page.check('input[value="calm"]', force=True)
    assert "percentiles 0 to 25" in drawn(page)
    calm = value_of(page, "risk5")
    page.check('input[value="crisis"]', force=True)
    assert "percentiles 95 to 100" in drawn(page)
    assert float(calm.split("%")[0]) < float(value_of(page, "risk5").split("%")[0])


def test_a_percentile_chooses_five_points_around_it(page):
    move(page, "paths", 0)
    assert "percentiles 7.5 to 12.5" in move(page, "percentile", 10)
    assert page.is_checked('input[value="percentile"]')
    assert "percentiles 97.5 to 100" in move(page, "percentile", 100)


def test_paths_go_up_to_five_years(page):
    last = page.get_attribute('[name="horizon"]', "max")
    move(page, "paths", 0)
    assert "50 paths of 1,260 trading days" in move(page, "horizon", last)
    assert "1,260 trading days (5 years)" in page.inner_text('[data-output="horizon"]')


def test_the_values_under_the_pointer_and_the_arrow_keys_can_be_read(page):
    box = page.locator(".fan").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 14, box["y"] + 100)
    tip = page.inner_text(".fan .tip")
    assert "trading day 60" in tip and "median" in tip
    median = value_of(page, "median")
    assert median in tip  # the median at the end, as the tile says it
    page.focus(".distribution")
    page.keyboard.press("ArrowRight")
    first = page.inner_text(".distribution .tip")
    page.keyboard.press("ArrowRight")
    assert "below" in first and page.inner_text(".distribution .tip") != first


def test_the_download_holds_all_paths_with_the_columns_of_generate(page):
    move(page, "paths", 1)
    with page.expect_download() as download:
        page.click(".download")
    assert download.value.suggested_filename == "A-100x60-seed-1.csv"
    table = pd.read_csv(download.value.path())
    assert list(table) == ["scenario", "date", "day", "asset", "log_return", "price"]
    assert len(table) == 100 * 60 and table["date"].iloc[0] == "2023-05-22"
    ends = 100 * np.exp(table.groupby("scenario")["log_return"].sum())
    np.testing.assert_allclose(ends, table[table["day"] == 60]["price"], rtol=1e-4)
    median = value_of(page, "median").split()[0]
    assert float(median.replace(",", "")) == pytest.approx(np.median(ends), abs=0.01)


def test_a_thousand_paths_of_sixty_days_take_less_than_half_a_second(show, tmp_path):
    page = show(write_small_page(tmp_path).as_uri())
    counters = page.context.new_cdp_session(page)
    # Of the page's thread, because the machine may have more to do.
    counters.send("Performance.enable", {"timeDomain": "threadTicks"})
    seconds = []
    for seed in range(4):  # the first ones also compile
        before = seconds_of_work(counters)
        assert "1,000 paths of 60 trading days" in move(page, "seed", seed + 2)
        seconds.append(seconds_of_work(counters) - before)
    assert min(seconds) < 0.5


def test_without_javascript_the_page_can_be_read(show, address):
    page = show(address, java_script_enabled=False)
    assert page.is_hidden(".app")
    assert "needs JavaScript" in page.inner_text(".market")
    assert page.is_visible("figure img") and "How to read" in page.inner_text("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("write", [write_small_page, write_small_report, write_drawing])
def test_axe_finds_nothing_serious(show, tmp_path, write, scheme):
    page = show(write(tmp_path).as_uri(), color_scheme=scheme)
    drawn(page)
    assert not grave_findings(page)


def test_the_report_opens_without_a_request_and_fits_a_phone(show, tmp_path):
    page = show(write_small_report(tmp_path).as_uri(), viewport={"width": 390, "height": 800})
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_lies_off_the_screen(show, address, width):
    page = show(address, viewport={"width": width, "height": 900})
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 800, "height": 900})
    deadline = time.monotonic() + 20  # a function to wait for would be refused by the policy
    while not 600 < page.eval_on_selector(".fan svg", "(chart) => chart.clientWidth") < 800:
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


@pytest.mark.parametrize("width", [320, 390, 768, 900])
def test_no_label_of_a_chart_is_cut_or_touches_another(show, address, width):
    page = show(address, viewport={"width": width, "height": 1400})
    drawn(page)
    for chart in (".fan", ".distribution"):
        frame = page.query_selector(f"{chart} svg").bounding_box()
        boxes = [label.bounding_box() for label in page.query_selector_all(f"{chart} .label")]
        assert len(boxes) > 3
        for box in boxes:
            assert box["x"] >= frame["x"] - 1
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        in_a_row = sorted(boxes, key=lambda box: (round(box["y"]), box["x"]))
        for one, other in itertools.pairwise(in_a_row):
            if abs(one["y"] - other["y"]) < 1:
                assert one["x"] + one["width"] < other["x"]


@pytest.mark.parametrize("prices", [True, False])
def test_a_market_whose_state_is_not_known_says_so_and_begins_anywhere(show, tmp_path, prices):
    page = show(write_small_page(tmp_path, today=False, prices=prices).as_uri())
    assert "Today's state is not known" in drawn(page)
    assert page.is_disabled('input[value="today"]') and page.is_checked('input[value="any"]')


def picture_of(page):
    return page.eval_on_selector("canvas.large", "(canvas) => canvas.toDataURL()")


def test_label_latents_and_their_mixture_change_a_digit(show, tmp_path):
    page = show(write_drawing(tmp_path, classes=3).as_uri())
    drawn(page)
    seen = [picture_of(page)]
    page.check('input[value="2"]', force=True)
    seen.append(picture_of(page))
    for name, value in {"step": 50, "from": 7, "to": 8}.items():
        move(page, name, value)
        seen.append(picture_of(page))
    page.click(".another")
    seen.append(picture_of(page))
    page.click(".strip canvas:last-child")
    seen.append(picture_of(page))
    assert len(set(seen)) == len(seen)
    assert page.input_value('[name="step"]') == "100"


def test_a_digit_takes_less_than_a_tenth_of_a_second(show, tmp_path):
    page = show(write_drawing(tmp_path).as_uri())
    times = []
    for step in range(1, 6):
        move(page, "step", step)
        times.append(float(page.get_attribute(".images", "data-milliseconds")))
    assert min(times) < 100
