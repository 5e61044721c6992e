"""The report of a comparison: what stands in the file, and what it does in a browser."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

import yaodian
from yaodian.compare.chains import history
from yaodian.compare.report_data import COUNTED, Places, counts, difference, plan_labels, view
from yaodian.compare.report_words import LANGUAGES, words
from yaodian.errors import UsageError
from yaodian.record import Measure, Metadata, Record
from yaodian.record.model import sha256

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from yaodian.compare import report_files
from yaodian.compare.report import write_charts, write_report, write_tables

PLAN = """某某市应急管理局{year}年工作要点

一、加强安全生产监管
（一）突出重点检查。全年检查危险化学品企业不少于{checks}家，隐患整改率达到{rate}%以上。
（二）严格执法。对烟花爆竹批发企业开展专项整治，{word}。
二、提升应急能力
（一）组织演练。市消防救援支队{month}月底前组织开展森林火灾应急演练{drills}次。
（二）宣传培训。开展防灾减灾宣传周活动，培训灾害信息员300人次。
{more}
"""
YEARS = (
    {"year": 2021, "checks": 100, "rate": 90, "word": "严厉打击非法经营", "month": 6, "drills": 2,
     "more": "（三）储备物资。补充防汛抗旱物资，新增编织袋5万条。"},
    {"year": 2022, "checks": 120, "rate": 95, "word": "从严打击非法储存经营", "month": 5, "drills": 2,
     "more": "（三）建设平台。建成城市安全风险监测预警平台，接入燃气、供水、排水、热力、桥梁监测点2000个。"},
    {"year": 2023, "checks": 110, "rate": 95, "word": "从严打击非法储存经营", "month": 5, "drills": 3,
     "more": "（三）储备物资。补充防汛抗旱物资，新增编织袋6万条。"},
)  # fmt: skip
EVIL = (
    '<script>window.broken=1</script>督促"企业"落实责任。',
    "检查</script><img src=x onerror='window.broken=2'>企业100家。",
    "推广javascript:window.broken=3//平台&amp;建设。",
    "完成<!--隐患]]>整改{{ 7 * 7 }}{% raw %}。",
)


@pytest.fixture(scope="module")
def found():
    return history([yaodian.extract(PLAN.format(**y), doc_id=f"plan-{y['year']}", source="x.txt") for y in YEARS])


@pytest.fixture(scope="module")
def page(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "new folder" / "report.html"
    write_report(found, path)
    return path


def record(doc_id, lines, *, year=None, title=None, mark="m"):
    text = "\n".join(lines)
    measures, at = [], 0
    for number, line in enumerate(lines):
        measures.append(Measure(id=f"{mark}{number}", start=at, end=at + len(line)))
        at += len(line) + 1
    return Record(doc_id=doc_id, text=text, text_sha256=sha256(text), measures=tuple(measures),
                  metadata=Metadata(plan_year=year, title=title))  # fmt: skip


class Reader(HTMLParser):
    """Tags, ids, addresses and the texts of scripts of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.scripts, self.text = [], [], [], ""
        self._open = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag in ("script", "style"):
            self._open = tag
            self.scripts.append((found, ""))

    def handle_endtag(self, tag):
        if tag == self._open:
            self._open = None

    def handle_data(self, data):
        if self._open:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data
        else:
            self.text += data

    @property
    def data(self):
        return json.loads(next(text for attributes, text in self.scripts if attributes.get("id") == "data"))


# The file --------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched(page):
    read = Reader(page.read_text("utf-8"))
    assert not {tag for tag, _ in read.tags} & {"iframe", "object", "embed", "base", "img", "video", "audio"}
    for tag, attributes in read.tags:
        for name in ("src", "href", "action", "srcset", "poster", "ping"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,")), (tag, attributes)
    style = next(text for attributes, text in read.scripts if not attributes)
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for tag, a in read.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "$schema" not in json.dumps(read.data["specs"])


def test_links_have_their_target(page):
    read = Reader(page.read_text("utf-8"))
    ids = set(read.ids)
    assert len(ids) == len(read.ids)
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a" and "href" in attributes]
    assert len(links) > 50
    assert {link[1:] for link in links} <= ids
    places = read.data["places"]
    assert {place for group in places.values() for place in group} <= ids
    keys = {a["data-k"] for _, a in read.tags if "data-k" in a}
    marks = set(re.findall(r'"k": "([^"]+)"', json.dumps(read.data["specs"])))
    assert keys <= set(places)
    assert marks
    assert marks <= set(places)


def test_the_full_texts_are_there_to_the_character(page, found):
    html = page.read_text("utf-8")
    for plan, made in enumerate(found.records):
        article = html.split(f'<article id="text-{plan}"')[1].split('<div class="text">')[1].split("</div>")[0]
        assert Reader(article).text == made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_written_in_a_language(found, tmp_path, language):
    write_report(found, tmp_path / "report.html", language=language)
    read = Reader((tmp_path / "report.html").read_text("utf-8"))
    assert next(a["lang"] for tag, a in read.tags if tag == "html") == {"zh": "zh-CN", "en": "en"}[language]
    assert words(language)["summary"] in read.text


def test_unknown_language(found, tmp_path):
    with pytest.raises(UsageError, match="fr: no such language"):
        write_report(found, tmp_path / "report.html", language="fr")


def test_both_languages_say_everything(page):
    zh, en = words("zh"), words("en")
    assert zh.keys() == en.keys()
    assert all(zh.values())
    assert all(en.values())
    assert {k: sorted(re.findall(r"{\w+}", t)) for k, t in zh.items()} == {
        k: sorted(re.findall(r"{\w+}", t)) for k, t in en.items()
    }
    read = Reader(page.read_text("utf-8"))
    used = {a["data-t"] for _, a in read.tags if "data-t" in a}
    used |= {a["data-ta"].split(":")[1] for _, a in read.tags if "data-ta" in a}
    assert used <= zh.keys()
    assert read.data["words"] == {"zh": dict(zh), "en": dict(en)}
    assert all(set(specs) == {"zh", "en"} for specs in read.data["specs"].values())


def evil():
    lines = [line + str(number) for number, line in enumerate(EVIL)]
    title = "</title><script>window.broken=4</script>"
    mark = "\"><svg onload='window.broken=5'>"
    records = [record(f"{title}{n}", lines[n:] + ["另一项措施。"] * n, title=title, mark=mark) for n in range(3)]
    return history([r.model_copy(update={"source": "javascript:window.broken=6"}) for r in records])


def test_documents_cannot_inject(tmp_path):
    write_report(evil(), tmp_path / "report.html")
    html = (tmp_path / "report.html").read_text("utf-8")
    read = Reader(html)
    assert not {tag for tag, _ in read.tags} & {"img", "svg"}
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")]
    assert not [text for attributes, text in read.scripts if text.startswith("window.broken")]
    assert len([a for tag, a in read.tags if tag == "script"]) == 3
    assert "{{ 7 * 7 }}{% raw %}" in read.text
    assert all(line in read.text for line in EVIL)
    assert all("javascript" not in (a.get("href") or "") for _, a in read.tags)
    assert read.data["words"]["zh"]


def test_the_same_history_gives_the_same_page(found, page, tmp_path):
    write_report(found, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


@pytest.mark.parametrize(
    ("lines", "year"),
    [((), 2021), (("推进工作。",), None)],
    ids=["plans without measures", "plans of one name without a year"],
)
def test_small_histories(lines, year, tmp_path):
    made = history([record("same", lines or [" "], year=year) for _ in range(2)])
    if not lines:
        made = history([r.model_copy(update={"measures": ()}) for r in made.records])
    write_report(made, tmp_path / "report.html")
    write_tables(made, tmp_path / "tables.xlsx")
    read = Reader((tmp_path / "report.html").read_text("utf-8"))
    assert {a["href"][1:] for tag, a in read.tags if tag == "a" and "href" in a} <= set(read.ids)


def test_no_plans(tmp_path):
    for write in (write_report, write_charts, write_tables):
        with pytest.raises(UsageError, match="at least two"):
            write(history([]), tmp_path / "x")


# What it is made of ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "removed", "added"),
    [
        ("检查100家", "检查120家", ["100"], ["120"]),
        ("完成整改", "完成整改", [], []),
        ("全面完成", "完成", ["全面"], []),
        ("完成", "按期完成", [], ["按期"]),
        ("甲的乙完", "丙的丁完", ["甲的乙"], ["丙的丁"]),
    ],
    ids=["numbers whole", "equal", "only removed", "only added", "a chance 的 joins two differences"],
)
def test_difference(left, right, removed, added):
    one, two = difference(left, right)
    assert "".join(text for _, text in one) == left
    assert "".join(text for _, text in two) == right
    assert [text for kind, text in one if kind == "del"] == removed
    assert [text for kind, text in two if kind == "ins"] == added


def test_places_may_cross():
    places = Places([record("a", ["一二三四五六"])])
    for place in ((0, 4), (2, 6), (3, 3), (4, 99)):
        places.add(0, *place)
    leaves = list(places.leaves(0))
    assert "".join(leaf["text"] for leaf in leaves) == "一二三四五六"
    within = {name: "".join(leaf["text"] for leaf in leaves if name in leaf["within"]) for name in ("p0-0-4", "p0-2-6")}
    assert within == {"p0-0-4": "一二三四", "p0-2-6": "三四五六"}
    assert sorted(name for leaf in leaves for name in leaf["ids"]) == ["p0-0-4", "p0-2-6", "p0-3-3", "p0-4-6"]


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ([("a", 2021), ("b", 2022)], ["2021", "2022"]),
        ([("a", 2021), ("b", 2021)], ["2021 a", "2021 b"]),
        ([("a", None), ("b", 2022)], ["a", "b"]),
        ([("a", None), ("a", None)], ["a", "a (2)"]),
    ],
    ids=["years", "one year twice", "one without a year", "one name twice"],
)
def test_plan_labels(given, labels):
    assert plan_labels([record(name, ["一"], year=year) for name, year in given]) == labels


def test_counts_are_of_links(found):
    for comparison, pair in zip(found.comparisons, view(found).pairs, strict=True):
        told = counts(comparison)
        assert sum(told[name] for name in COUNTED if name not in ("strengthened", "weakened", "moved")) == len(
            comparison.links
        )
        assert {name: figure[0] for name, figure in pair["figures"].items()} == told
    assert sum(counts(comparison)["strengthened"] for comparison in found.comparisons) > 0


# Files -----------------------------------------------------------------------------------------------------------


def test_tables_read_back(found, tmp_path):
    write_tables(found, tmp_path / "deep" / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "deep" / "tables.xlsx", read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()
    assert {"links", "changes", "chains", "series", "clauses", "function_shares", "hazards", "pmc_indices"} <= set(
        sheets
    )
    head, *rows = sheets["links"]
    assert len(rows) == sum(len(comparison.links) for comparison in found.comparisons)
    relations = [row[head.index("relation")] for row in rows]
    assert relations == [link.relation for comparison in found.comparisons for link in comparison.links]
    assert len(sheets["chains"]) == len(found.chains) + 1
    head, *rows = sheets["changes"]
    column = {name: head.index(name) for name in head}
    first = next(row for row in rows if row[column["right_start"]] is not None)
    plan = [str(y["year"]) for y in YEARS].index(first[column["pair"]].split(" → ")[1])
    start, end = (int(first[column[f"right_{edge}"]]) for edge in ("start", "end"))
    assert found.records[plan].text[start:end] == first[column["right_text"]]


def test_charts(found, tmp_path, monkeypatch):
    monkeypatch.setattr(report_files, "chinese_font", lambda: "Noto Sans CJK SC")
    files = write_charts(found, tmp_path / "charts")
    assert {file.name for file in files} >= {
        "relations.svg",
        "relations.png",
        "targets-small.svg",
        "chains.png",
        "flows.svg",
    }
    for file in files:
        if file.suffix == ".png":
            assert file.read_bytes().startswith(b"\x89PNG")
        else:
            assert "<svg" in file.read_text("utf-8")
    drawn = (tmp_path / "charts" / "functions.svg").read_text("utf-8")
    assert "Noto Sans CJK SC" in drawn
    assert "监管执法" in drawn


def test_one_warning_without_a_chinese_font(found, tmp_path, monkeypatch):
    monkeypatch.setattr(report_files, "_font_folders", lambda: [tmp_path / "nothing"])
    assert report_files.chinese_font() is None
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        write_charts(found, tmp_path / "charts")
    assert [str(note.message)[:36] for note in noted] == ["no font with Chinese characters was f"[:36]]


@pytest.mark.parametrize(
    ("file", "family"),
    [("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"), ("msyh.ttc", "Microsoft YaHei"), ("PingFang.ttc", "PingFang SC"),
     ("DejaVuSans.ttf", None), ("msyh.txt", None)],
)  # fmt: skip
def test_fonts_are_known_by_their_files(file, family, tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / file).touch()
    monkeypatch.setattr(report_files, "_font_folders", lambda: [tmp_path])
    assert report_files.chinese_font() == family


# The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch):
    from yaodian.cli import app

    monkeypatch.chdir(tmp_path)
    for year in YEARS:
        Path(f"{year['year']}.txt").write_text(PLAN.format(**year), encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(app, ["compare", *arguments])


def test_command(run):
    result = run("2023.txt", "2021.txt", "2022.txt", "-o", "r.html", "--charts", "charts", "--tables", "t.xlsx")
    assert result.exit_code == 0, result.output
    assert "2021 → 2022" in result.stdout
    assert "2022 → 2023" in result.stdout
    assert Path("r.html").exists()
    assert Path("charts/flows.png").exists()
    assert Path("t.xlsx").exists()


def test_command_json(run, found):
    result = run("2023.txt", "2021.txt", "2022.txt", "--json")
    told = json.loads(result.stdout)
    assert [plan["plan"] for plan in told["plans"]] == ["2021", "2022", "2023"]
    assert [pair["counts"] for pair in told["pairs"]] == [counts(comparison) for comparison in found.comparisons]
    assert [len(pair["links"]) for pair in told["pairs"]] == [len(c.links) for c in found.comparisons]
    assert len(told["chains"]) == len(found.chains)
    assert Path("report.html").exists()


def test_command_reads_records_and_keeps_the_order_given(run):
    plans = [record(name, ["推进工作。"], year=year) for name, year in (("b", 2022), ("a", None))]
    Path("records.jsonl").write_text("".join(plan.to_json() + "\n" for plan in plans), encoding="utf-8")
    told = json.loads(run("records.jsonl", "--json").stdout)
    assert [plan["plan"] for plan in told["plans"]] == ["b", "a"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["2021.txt"], "at least two"), (["2021.txt", "2022.txt", "--language", "fr"], "no such language")],
)
def test_command_refuses(run, arguments, message):
    result = run(*arguments)
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)
    assert not Path("report.html").exists()


# In a browser ----------------------------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1280,900",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium or chromedriver is not installed")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service(DRIVER), options=options)
    yield driver
    driver.quit()


class Window:
    """A page in the browser, opened and with its charts drawn."""

    def __init__(self, browser, path):
        self.browser = browser
        browser.get("about:blank")
        browser.get_log("performance")
        browser.get_log("browser")
        browser.get(path.as_uri())
        self.drawn("zh")

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def drawn(self, language):
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.browser, 60).until(
            lambda _: self.run("return document.body.dataset.drawn") == language, f"charts not drawn in {language}"
        )

    def choose(self, name, value):
        self.run(
            "const e = document.querySelector(`#filters [name=${arguments[0]}]`); e.value = arguments[1];"
            "e.dispatchEvent(new Event('input', {bubbles: true}))",
            name,
            value,
        )

    def shown(self):
        return self.run("return [...document.querySelectorAll('tr.row')].filter(e => e.offsetParent).map(e => e.id)")

    def lit(self, name="now"):
        return self.run(f"return [...document.querySelectorAll('#texts .{name}')].map(e => e.textContent).join('')")

    def requests(self):
        sent = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [
            message["params"]["request"]["url"] for message in sent if message["method"] == "Network.requestWillBeSent"
        ]


@pytest.fixture
def window(browser, page):
    return Window(browser, page)


@pytest.mark.slow
def test_browser_filters(window, found):
    rows = len(window.shown())
    assert rows == sum(len(comparison.links) for comparison in found.comparisons)
    dropped = [counts(comparison)["dropped"] for comparison in found.comparisons]
    window.choose("relation", "dropped")
    assert len(window.shown()) == sum(dropped) > 0
    assert window.run("return document.querySelector('#shown-counts').textContent") == f"取消 {sum(dropped)}"
    window.choose("pair", "0")
    assert len(window.shown()) == dropped[0]
    assert f"显示 {dropped[0]} 行，共 {rows} 行" in window.run("return document.querySelector('#shown').textContent")
    window.run("document.querySelector('#filters [type=reset]').click()")
    window.choose("text", "编织袋")
    assert 0 < len(window.shown()) < rows
    assert all(
        "编织袋" in window.run("return document.getElementById(arguments[0]).textContent", r) for r in window.shown()
    )
    window.choose("text", "没有这样的文字")
    assert window.shown() == []
    assert window.run("return document.querySelector('#nothing').offsetParent !== null")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["direction", "function", "hazard"])
def test_browser_filters_by_attribute(window, name):
    rows = window.shown()
    value = window.run(f"return document.querySelector('#filters [name={name}]').options[1].value")
    window.choose(name, value)
    fitting = [
        row
        for row in rows
        if value in window.run(f"return document.getElementById(arguments[0]).dataset.{name}", row).split()
    ]
    assert window.shown() == fitting
    assert 0 < len(fitting) < len(rows)


@pytest.mark.slow
def test_browser_leads_to_the_sentence_and_back(window, found):
    link = next(link for link in found.comparisons[0].links if link.relation == "changed")
    made = found.records[1]
    measure = next(m for m in made.measures if m.id == link.right[0])
    href = f"#p1-{measure.start}-{measure.end}"
    window.run("window.scrollTo({top: 700, behavior: 'instant'})")
    window.run("document.querySelector(`#rows a[href='${arguments[0]}']`).click()", href)
    assert window.lit() == made.text[measure.start : measure.end]
    seen = "const r = document.querySelector('#texts .now').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight"
    assert window.run(seen)
    window.run("document.querySelector('#back').click()")
    assert window.run("return Math.round(scrollY)") == 700
    assert window.lit() == ""
    assert window.run("return document.querySelector('#bar').offsetParent === null")


@pytest.mark.slow
def test_browser_steps_through_what_a_number_counts(window, found):
    new = [link for link in found.comparisons[0].links if link.relation == "new"]
    link = "document.querySelector('.figures a[data-k=\"n.0.new\"]')"
    assert window.run(f"return {link}.textContent") == str(len(new))
    window.run(f"{link}.click()")
    texts = {m.id: found.records[1].text[m.start : m.end] for m in found.records[1].measures}
    assert window.lit("hit") == "".join(
        texts[m.id] for m in found.records[1].measures if m.id in {x.right[0] for x in new}
    )
    seen = []
    for _ in new:
        seen.append(window.lit())
        window.run("document.querySelector('#next').click()")
    assert sorted(seen) == sorted(texts[link.right[0]] for link in new)


@pytest.mark.slow
def test_browser_chart_marks_lead_to_their_sentences(window):
    from selenium.webdriver.common.action_chains import ActionChains

    charts = window.run("return [...document.querySelectorAll('[data-chart]')].map(e => e.dataset.chart)")
    expected = {"relations", "targets", "chains", "functions", "flows", "shares-function", "shares-instrument"}
    assert set(charts) == expected
    for name in charts:
        mark = window.run(
            "return [...document.querySelectorAll(`[data-chart='${arguments[0]}'] svg .role-mark path`)]"
            ".findLast(e => e.__data__?.datum?.k)",
            name,
        )
        assert mark is not None, name
        window.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", mark)
        ActionChains(window.browser).move_to_element(mark).click().perform()
        assert window.lit(), name
        window.run("document.querySelector('#back').click()")


@pytest.mark.slow
def test_browser_speaks_two_languages(window):
    first = window.run("return document.querySelector('.words').textContent")
    assert "项措施（2021）" in first
    window.run("document.querySelector('#language').click()")
    window.drawn("en")
    assert window.run("return document.documentElement.lang") == "en"
    assert "measures in 2021" in window.run("return document.querySelector('.words').textContent")
    assert re.search("[一-鿿]", window.run("return document.querySelector('#summary h2').textContent")) is None
    assert "Enforcement" in window.run("return document.querySelector('[data-chart=functions]').textContent")
    assert "rows shown" in window.run("return document.querySelector('#shown').textContent")
    window.run("document.querySelector('#language').click()")
    window.drawn("zh")
    assert window.run("return document.querySelector('.words').textContent") == first


@pytest.mark.slow
def test_browser_makes_no_request(window, page):
    window.run("document.querySelector('#language').click()")
    window.drawn("en")
    assert [address for address in window.requests() if not address.startswith("data:")] == [page.as_uri()]
    assert (
        window.run(
            "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))"
        )
        == []
    )
    assert [entry for entry in window.browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    blocked = "return fetch('https://example.org/').then(() => 'answered', () => 'refused')"
    assert window.run(blocked) == "refused"
    assert "Content Security Policy" in str(window.browser.get_log("browser"))


@pytest.mark.slow
def test_browser_runs_nothing_of_a_document(browser, tmp_path):
    write_report(evil(), tmp_path / "report.html")
    window = Window(browser, tmp_path / "report.html")
    window.run("document.querySelectorAll('a.go').forEach(e => e.click())")
    window.run("document.querySelector('#language').click()")
    window.drawn("en")
    assert window.run("return window.broken ?? null") is None
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.slow
def test_browser_narrow(window):
    size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    window.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        window.browser.refresh()
        window.drawn("zh")
        assert window.run("return [innerWidth, document.documentElement.scrollWidth]") == [390, 390]
        window.run("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert window.run("return document.documentElement.scrollWidth") == 390
        window.run("document.querySelector('#rows a.go').click()")
        assert window.lit()
    finally:
        window.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
