"""Web pages: every line of the text once, in order, whatever stands round it."""

from __future__ import annotations

import html
from email.message import EmailMessage

import pytest

from yaodian.errors import UnreadableError
from yaodian.readers import Peek, reader_of
from yaodian.readers.html import HtmlReader, MhtmlReader

TITLE = "某某市应急管理局2023年工作要点"
HEADINGS = ["夯实基层基础", "强化风险防控", "提升救援能力", "加强科技支撑", "抓好队伍建设"]


def plan() -> list[str]:
    """A title and sixty paragraphs: long and short ones, repeated ones, some without any punctuation."""
    lines = [TITLE, "2023年，全市应急管理工作要坚持人民至上、生命至上，统筹发展和安全，为高质量发展提供保障。"]
    for number, heading in zip("一二三四五", HEADINGS, strict=True):
        lines += [
            f"{number}、{heading}",
            f"（一）健全{heading}责任体系",
            f"1.制定责任清单，明确{heading}的牵头单位和完成时限，上半年完成不少于{len(lines)}项任务。",
            "责任单位：各科室",
            f"2.开展{heading}专项检查，6月底前完成。",
            "责任单位：各科室",
            "（二）完善工作机制",
            f"落实值班值守制度，加强{heading}信息报送；对重点部位每月巡查2次，发现隐患立即整改。",
            "严格考核",
            f"到2023年底，{heading}覆盖率达到9{len(lines) % 10}%以上。",
            "分享经验做法",
        ]
    return [*lines, "以上工作，请各单位抓好落实。", "某某市应急管理局", "2023年3月1日"]


PLAN = plan()
BODY = PLAN[1:]


def paragraphs(lines: list[str], *, tag: str = "p", indent: str = "&nbsp;&nbsp;　　") -> str:
    return "\n".join(f"<{tag}>{indent}{html.escape(line)}</{tag}>" for line in lines)


MENU = "".join(
    f'<li><a href="/{i}">{name}</a></li>' for i, name in enumerate(["首页", "政务公开", "办事服务", "互动交流"])
)
FOOT = (
    "<p>版权所有：某某市应急管理局　地址：某某市某某路1号</p><p>技术支持：某某科技有限公司</p>"
    "<p>京ICP备05070218号-1　网站标识码：1100000001</p>"
)
NEIGHBOURS = (
    '<div>上一篇：<a href="1">关于做好防汛工作的通知，请各单位认真落实。</a></div><div>下一篇：<a href="2">某某市2022年工作要点</a></div>'
    '<h3>相关链接</h3><ul><li><a href="3">关于开展某某专项整治行动的通知</a></li><li><a href="4">一图读懂</a></li></ul>'
)
BAR = '<div class="bar">发布时间：2023-03-02 来源：办公室 浏览次数：<span>8</span> 字体：【<a>大</a> <a>中</a> <a>小</a>】 <a>打印</a></div>'
CRUMB = '<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/t">通知公告</a> &gt; 正文</div>'
HEAD = f"<title>{TITLE}_通知公告_某某市应急管理局</title>"


def page(body: str, *, head: str = HEAD, charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html>\n<html><head><meta charset="{charset}">\n{head}</head>\n<body>\n{body}\n</body></html>'


def old_tables() -> str:
    rows = "".join(f"<tr><td><a href='/{i}'>栏目名称{i}</a></td></tr>" for i in range(12))
    text = "<br>\n".join("　　" + html.escape(line) for line in BODY)
    return (
        '<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<TITLE>{TITLE}-某某市应急管理局</TITLE></HEAD><BODY><FORM id=form1>"
        "<TABLE width=1000><TR><TD colspan=2><IMG src=logo.gif>某某市应急管理局</TD></TR>"
        f"<TR><TD width=200><TABLE>{rows}</TABLE></TD><TD><TABLE><TR><TD>当前位置：<A href=/>首页</A> &gt;&gt; 通知公告</TD></TR>"
        f"<TR><TD align=center><FONT size=5><B>{TITLE}</B></FONT></TD></TR>"
        "<TR><TD>发布日期：2023-03-02　来源：办公室　点击数：33</TD></TR>"
        f"<TR><TD>{text}</TD></TR><TR><TD>【<A href=#>打印本页</A>】【<A href=#>关闭窗口</A>】</TD></TR></TABLE></TD></TR>"
        f"<TR><TD colspan=2>{FOOT}</TD></TR></TABLE></FORM></BODY></HTML>"
    )


def trs() -> str:
    return page(
        f'<div class="nav"><ul>{MENU}</ul></div>{CRUMB}<div class="article"><h2 class="tit">{TITLE}</h2>{BAR}'
        f'<div class="view TRS_UEDITOR trs_paper_default"><div class="TRS_Editor"><style>.a{{color:red}}</style>'
        f"{paragraphs(BODY)}</div></div><div class='share'>分享到：<a>微信</a><a>微博</a></div></div>{NEIGHBOURS}"
        f'<div class="footer">{FOOT}</div>'
    )


def ucap() -> str:
    text = paragraphs([*BODY[:-2]]) + f'<p style="text-align: right">{BODY[-2]}</p><p>{BODY[-1]}</p>'
    return page(
        f'<div class="header"><ul>{MENU}</ul></div><div class="article oneColumn pub_border"><h1>{TITLE[:8]}<br>{TITLE[8:]}</h1>'
        f'{BAR}<div class="pages_content" id="UCAP-CONTENT"><ucapcontent>{text}</ucapcontent></div>'
        f'<div class="editor">责任编辑：张三</div></div><div id="div_div" style="display:none">扫一扫在手机打开当前页。内容不可见，请稍候再试。</div>'
        f'<div class="footer">{FOOT}</div>'
    )


def div_soup() -> str:
    text = "<br/><br/>".join(
        f"<span style='font-size:16px'>&#12288;&#12288;{html.escape(line)}</span>" for line in BODY
    )
    return page(
        f'<div id="a1"><div id="a2"><ul>{MENU}</ul></div><div id="a3"><div>{TITLE}</div>{BAR}<div id="a4"><div>{text}</div></div>'
        f"{NEIGHBOURS}</div><div id='a5'>{FOOT}</div></div>"
    )


def article() -> str:
    return page(
        f"<header><nav><ul>{MENU}</ul></nav></header><main><article><header><h1>{TITLE}</h1><time>2023-03-02</time></header>"
        f"<section>{paragraphs(BODY[:20])}</section><section>{paragraphs(BODY[20:])}</section></article>"
        f"<aside><h4>热点</h4><p>某某市召开安全生产会议，部署近期重点工作，要求各地各部门认真贯彻。</p></aside></main><footer>{FOOT}</footer>"
    ).replace("<time>2023-03-02</time>", "")


def wechat() -> str:
    text = "".join(
        f'<section><p><span style="letter-spacing:1px">{html.escape(line)}</span></p></section>' for line in BODY
    )
    return page(
        f'<div id="js_article" class="rich_media"><h1 class="rich_media_title" id="activity-name">\n{TITLE}\n</h1>'
        '<div id="meta_content"><span>原创</span> <a id="js_name">某某应急</a> <em id="publish_time">2023-03-02</em></div>'
        f'<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0; ">{text}</div>'
        "<script>var a = '<p>脚本里的段落，不是正文。</p>';</script></div><div class='qr_code'>微信扫一扫<br>关注该公众号</div>",
        head=f'<meta property="og:title" content="{TITLE}"><title></title>',
    )


def index_table() -> str:
    return page(
        f'<div class="top"><ul>{MENU}</ul></div><div class="content">{INDEX}<div class="title">{TITLE}</div><div id="zoom">'
        f"{paragraphs(BODY)}</div></div><div class='foot'>{FOOT}</div>"
    )


INDEX = (
    "<table><tr><td><b>索 引 号：</b></td><td>0001-2023-001</td><td><b>主题分类：</b></td><td>安全生产监管</td></tr>"
    "<tr><td><b>发文机关：</b></td><td>某某市应急管理局</td><td><b>成文日期：</b></td><td>2023年03月01日</td></tr>"
    f"<tr><td><b>标　　题：</b></td><td colspan=3>{TITLE}</td></tr>"
    "<tr><td><b>发文字号：</b></td><td>某应急〔2023〕5号</td><td><b>发布日期：</b></td><td>2023年03月02日</td></tr>"
    "<tr><td><b>主 题 词：</b></td><td></td><td><b>有 效 性：</b></td><td>有效</td></tr></table>"
)


def whole_body() -> str:
    return f"<html><body>{paragraphs(PLAN)}</body></html>"


def wrapped_source() -> str:
    """Source lines broken inside sentences, paragraphs unclosed, as old editors wrote them."""
    text = "\n".join(
        "<p>" + html.escape(line[:8]) + ("\n    " + html.escape(line[8:]) if line[8:] else "") for line in PLAN
    )
    return page(f'<div id="main"><div class="x">{text}</div></div>')


def side_prose() -> str:
    """A side bar of sentences without any name that tells it."""
    teasers = "".join(
        f"<div><a href='/{i}'>某某会议召开{i}</a><br>会议强调，要抓好第{i}季度工作，确保安全。</div>" for i in range(3)
    )
    return page(
        f'<div class="w"><div class="l">{teasers}</div><div class="r"><h1>{TITLE}</h1>{paragraphs(BODY)}</div></div>{FOOT}'
    )


LAYOUTS = {
    f.__name__: f
    for f in (old_tables, trs, ucap, div_soup, article, wechat, index_table, whole_body, wrapped_source, side_prose)
}


def read(source: str, encoding: str = "utf-8"):
    return HtmlReader().read(source.encode(encoding), name="a.html")


def test_the_plan_is_hard_enough():
    assert len(PLAN) >= 60
    assert len(set(PLAN)) < len(PLAN) - 20


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_line_once(layout):
    source = layout()
    document = read(source, "gb18030" if "gb2312" in source else "utf-8")
    assert document.text.splitlines() == PLAN
    assert document.metadata.get("title") == (None if layout is whole_body else TITLE)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_places_are_source_lines(layout):
    source = layout()
    document = read(source, "gb18030" if "gb2312" in source else "utf-8")
    rows = html.unescape(source).split("\n")
    assert [document.text[p.start : p.end] for p in document.places] == PLAN
    for place, line in zip(document.places, PLAN, strict=True):
        assert line[:8] in rows[place.line - 1]


def text_of(body: str, **options: str) -> list[str]:
    return read(page(body, **options)).text.splitlines()


SENTENCE = "全市应急管理系统要坚决守住安全生产底线，切实抓好各项工作落实。"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<ol><li>加强值守<li>完善预案</ol>", ["1.加强值守", "2.完善预案"], id="numbers of a list"),
        pytest.param('<ol start="3"><li>加强值守</li></ol>', ["3.加强值守"], id="start"),
        pytest.param(
            "<ol><li>1.加强值守</li><li>（二）完善预案</li></ol>", ["1.加强值守", "（二）完善预案"], id="own numbers"
        ),
        pytest.param(
            "<ol><li><span>1</span><span>.加强值守</span></li></ol>", ["1.加强值守"], id="own number in pieces"
        ),
        pytest.param("<ol><li>2023年底前完成</li></ol>", ["1.2023年底前完成"], id="a year is no number"),
        pytest.param('<ol style="list-style: none"><li>加强值守</li></ol>', ["加强值守"], id="no numbers by style"),
        pytest.param(
            '<ol style="list-style-type:cjk-ideographic"><li>总体<ol class="custom_num2"><li>值守</li><li>预案</li></ol></li><li>重点</li></ol>',
            ["一、总体", "（1）值守", "（2）预案", "二、重点"],
            id="nested, Chinese",
        ),
        pytest.param("<ul><li>加强值守</li></ul>", ["加强值守"], id="no bullet"),
        pytest.param(
            "<p>建成100m<sup>2</sup>，10<sup>-3</sup>，CO<sub>2</sub></p>", ["建成100m²，10⁻³，CO2"], id="sup and sub"
        ),
        pytest.param("<p>要点<sup>[1]</sup></p>", ["要点[1]"], id="a note's mark"),
        pytest.param(
            "<table><tr><th>序号</th><th>任务</th></tr><tr><td>1</td><td><p>排查</p><p>整改</p></td></tr></table>",
            ["序号\t任务", "1\t排查 整改"],
            id="table",
        ),
        pytest.param(
            "<table><tr><td>甲</td><td></td><td>丙</td></tr></table>",
            ["甲\t\t丙"],
            id="an empty cell keeps the columns",
        ),
        pytest.param("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>", ["甲", "乙"], id="one column is layout"),
        pytest.param(
            "<p>甲</p><div style='display: none'>乙</div><p hidden>丙</p><p>丁</p>", ["甲", "丁"], id="hidden"
        ),
        pytest.param("<noscript>甲</noscript><template>乙</template><!-- 丙 --><p>丁</p>", ["丁"], id="never shown"),
        pytest.param(
            "<p>甲<!-- x -->乙<b>丙</b>\n丁 GB 3836</p>", ["甲乙丙丁 GB 3836"], id="one line whatever its pieces"
        ),
        pytest.param("<pre>甲\n乙</pre>", ["甲", "乙"], id="lines of pre"),
        pytest.param("<p>甲<br>乙<br/><br/>　　丙</p>", ["甲", "乙", "丙"], id="br"),
        pytest.param(
            "<p><strong>一、强化</strong></p><p><strong>（一）细化</strong></p>",
            ["一、强化", "（一）细化"],
            id="headings",
        ),
        pytest.param("<p>A&lt;B&amp;C</p>", ["A<B&C"], id="entities"),
    ],
)
def test_lines(body, expected):
    found = text_of(f'<div class="TRS_Editor"><p>{SENTENCE}</p>{body}<p>{SENTENCE}</p></div>', head="")
    assert found == [SENTENCE, *expected, SENTENCE]


@pytest.mark.parametrize(
    "around",
    [
        pytest.param(f"<h1>{TITLE}</h1><div id=zoom>%s</div>", id="above the text's element"),
        pytest.param(f"<div id=zoom><h1>{TITLE}</h1>%s</div>", id="in it"),
        pytest.param(f"<h1>{TITLE}</h1><div id=zoom><p>{TITLE}</p>%s</div>", id="above and in it"),
        pytest.param(
            f"<div class=zoom><h2 class=title>{TITLE}</h2><p>来源：办公室</p><p>{TITLE}</p>%s</div>", id="twice in it"
        ),
        pytest.param(f"<h1>{TITLE}</h1><div id=zoom><p>{TITLE[:8]}</p><p>{TITLE[8:]}</p>%s</div>", id="in two lines"),
        pytest.param("<div id=zoom>%s</div>", id="only in the page's title"),
    ],
)
def test_headline_once(around):
    found = read(page(around % f"<p>{SENTENCE}</p>")).text
    assert "".join(found.split("\n")) == TITLE + SENTENCE


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"<title>{TITLE}</title>", TITLE),
        (f"<title>{TITLE}_通知公告_某某市人民政府门户网站</title>", TITLE),
        (f"<title>{TITLE}-某某市应急管理局</title>", TITLE),
        (f"<title>某某市应急管理局 - 通知公告 - {TITLE}（试行）</title>", f"{TITLE}（试行）"),
        ("<title>某某市2021-2025年应急体系规划</title>", "某某市2021-2025年应急体系规划"),
        (f'<title>x</title><meta name="articletitle" content="{TITLE}">', TITLE),
        ("<title>文章页</title>", None),
        ("", None),
    ],
)
def test_title_of_the_page(head, expected):
    assert read(page(f"<div id=zoom><p>{SENTENCE}</p></div>", head=head)).metadata.get("title") == expected


STATED = {
    "索引号": "0001-1",
    "发布机构": "某某市应急管理局",
    "成文日期": "2023-03-01",
    "发布日期": "2023年3月5日",
    "文号": "某应急〔2023〕5号",
    "主题词": "",
}


def each(pattern: str) -> str:
    return "\n".join(pattern.format(name=name, spaced=" ".join(name), value=value) for name, value in STATED.items())


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("<table>" + each("<tr><th>{spaced}</th><td>{value}</td></tr>") + "</table>", id="table of pairs"),
        pytest.param("<table><tr>" + each("<td>{name}：</td><td>{value}</td>") + "</tr></table>", id="one row"),
        pytest.param("<dl>" + each("<dt>{spaced}：</dt><dd>{value}</dd>") + "</dl>", id="dl"),
        pytest.param("<ul>" + each("<li><span>{name}</span><em>{value}</em></li>") + "</ul>", id="li with spans"),
        pytest.param("<ul>" + each("<li><b>【{name}】</b>：<i>{value}</i></li>") + "</ul>", id="brackets"),
        pytest.param("<div>" + each("<p>{name}：{value}</p>") + "</div>", id="lines"),
        pytest.param("<div>" + each("{spaced}：{value}<br>") + "</div>", id="br"),
        pytest.param("<div>" + each("<div><div>{name}</div><div>{value}</div></div>") + "</div>", id="div in div"),
    ],
)
@pytest.mark.parametrize("inside", [False, True], ids=["above the text", "in the text's element"])
def test_index_table(block, inside):
    text = f"<p>{SENTENCE}</p><p>一、重点任务</p><p>{SENTENCE}</p>"
    found = read(
        page(f"<div id=zoom>{block}{text}</div>" if inside else f"{block}<h1>{TITLE}</h1><div id=zoom>{text}</div>")
    )
    assert found.text.splitlines() == [TITLE, SENTENCE, "一、重点任务", SENTENCE]
    assert found.metadata == {
        "title": TITLE,
        "issuer": "某某市应急管理局",
        "doc_number": "某应急〔2023〕5号",
        "date": "2023-03-01",
    }
    assert dict(found.extra) == {k: v for k, v in STATED.items() if v}


def test_meta_tags_and_line_below_headline():
    head = (
        f'<meta name="SiteName" content="某某市应急管理局"><meta name="PubDate" content="2023-03-05 09:30">'
        f'<meta name="ContentSource" content="办公室"><meta name="viewport" content="width=1"><meta property="og:title" content="{TITLE}">'
    )
    found = read(page(f"<h1>{TITLE}</h1>{BAR}<p>某应急〔2023〕5号</p><div id=zoom><p>{SENTENCE}</p></div>", head=head))
    assert found.text.splitlines() == [TITLE, "某应急〔2023〕5号", SENTENCE]
    assert found.metadata == {"title": TITLE, "date": "2023-03-02"}
    assert found.extra["ContentSource"] == found.extra["来源"] == "办公室"
    assert found.extra["PubDate"] == "2023-03-05 09:30"
    assert "viewport" not in found.extra


def test_a_table_of_duties_is_no_index_table():
    rows = [["名称", "责任部门", "完成时限"], ["排查", "执法科", "6月"], ["整改", "应急科", "9月"]]
    table = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    found = text_of(f"<div id=zoom><p>{SENTENCE}</p><table>{table}</table></div>", head="")
    assert found == [SENTENCE, *("\t".join(row) for row in rows)]


def test_end_of_the_text():
    body = (
        f"<div id=zoom><p>{SENTENCE}</p><p>附件：1.<a href=a.doc>任务分工表.doc</a></p><p>2.<a href=b.xls>进度表.xls</a></p>"
        f"<p>【打印】【关闭】</p>{NEIGHBOURS}</div><p>某某市应急管理局</p><p>2023年3月1日</p><p>（信息来源：办公室）</p>{FOOT}"
    )
    found = text_of(body, head="")
    assert found == [SENTENCE, "附件：1.任务分工表.doc", "2.进度表.xls", "某某市应急管理局", "2023年3月1日"]


@pytest.mark.parametrize(
    ("outside", "share"),
    [("<div class=part>%s</div>", 3), ("<section>%s</section>", 8), ("%s", 20), ("<td>%s</td>", 25)],
)
def test_units_outside_the_named_element_are_not_lost(outside, share):
    body = outside % paragraphs(BODY[:share]) + f"<div class=TRS_Editor>{paragraphs(BODY[share:])}</div>"
    assert text_of(f"<ul>{MENU}</ul><div><h1>{TITLE}</h1>{body}</div>{FOOT}") == PLAN


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"<ul>{MENU * 8}</ul>{FOOT}", id="menus"),
        pytest.param(
            '<div id="app"></div><noscript>请启用JavaScript以继续浏览本网站的全部内容。</noscript><script src=a.js></script>',
            id="shell",
        ),
        pytest.param("<p>正在加载，请稍候……系统需要启用JavaScript才能显示全部内容。</p>", id="loading"),
        pytest.param(
            "<form><p>统一身份认证平台登录</p>用户名：<input> 密码：<input type=password><button>登录</button></form>",
            id="login",
        ),
        pytest.param("<frameset><frame src=a.html></frameset>", id="frames"),
        pytest.param(
            "".join(
                f'<li><a href="{i}">关于做好第{i}项工作的通知</a> <span>2023-03-0{i}</span></li>' for i in range(9)
            ),
            id="list of links",
        ),
        pytest.param("", id="nothing"),
    ],
)
def test_page_without_text(source):
    with pytest.raises(UnreadableError, match=r"^a\.html: no main text") as caught:
        read(page(source))
    assert caught.value.reason == "empty"


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE html>\n<html>", "\n\n  <!-- 注释 -->\n<!doctype HTML PUBLIC '-//W3C'>", "<html lang=zh>", "<HTML>",
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">',
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "<body>", "<div class='a'><p>一、要点</p>",
        "<p>要点</p>", "<table><tr><td>", "<meta charset=gb2312><title>要点</title>", "<head><title>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_recognised(head, encoding):
    peek = Peek.of_bytes((head + "某某市工作要点").encode(encoding), "a")
    assert HtmlReader().matches(peek)


@pytest.mark.parametrize(
    "text",
    [
        "某某市工作要点\n隐患率<5%，整改率>98%。", "<5%的企业", "a < b and c > d", "<某某市工作要点>\n一、总体要求", "", "   ",
        '<?xml version="1.0"?><w:document xmlns:w="a"><w:p>一</w:p></w:document>', "<rss><channel><title>a</title></channel></rss>",
        '<?xml version="1.0"?><plan><title>要点</title><p>一</p><item/><item/><item/></plan>', "# 要点\n\n第一行<br>第二行<br>",
        'id,text\n1,"<p>一</p><p>二</p>"', '{"html": "<p>一</p>"}', "%PDF-1.4 <html>", "<html:a xmlns:html='b'/>",
    ],
)  # fmt: skip
def test_not_recognised(text):
    assert not HtmlReader().matches(Peek.of_bytes(text.encode(), "a.txt"))
    assert not MhtmlReader().matches(Peek.of_bytes(text.encode(), "a.txt"))


def test_fragment_that_begins_with_text_by_its_name():
    data = f"某某市工作要点<br>{SENTENCE}<br>".encode()
    assert HtmlReader().matches(Peek.of_bytes(data, "a.htm"))
    assert HtmlReader().read(data, name="a.htm").text.splitlines() == ["某某市工作要点", SENTENCE]


@pytest.mark.parametrize(
    ("declared", "encoding", "found"),
    [
        ("gb2312", "gb18030", "gb18030"), ("GBK", "gb18030", "gb18030"), ("utf-8", "utf-8", "utf-8"), ("big5", "big5hkscs", "big5hkscs"),
        ("gb2312", "utf-8", "utf-8"), ("utf-8", "gb18030", "gb18030"), ("iso-8859-1", "gb18030", "gb18030"), ("x-nothing", "utf-8", "utf-8"),
        ("gb2312", "utf-16", "utf-16"), ("utf-8", "utf-8-sig", "utf-8-sig"), ("utf-16", "utf-8", "utf-8"), ("utf-8", "utf-16-le", "utf-16-le"),
    ],
)  # fmt: skip
def test_encoding(declared, encoding, found):
    text = SENTENCE if encoding != "big5hkscs" else "全市應急管理工作堅決守住安全生產底線，切實抓好各項工作落實。"
    document = read(page(f"<div id=zoom><p>{text}</p></div>", charset=declared, head=""), encoding)
    assert (document.text, document.encoding) == (text + "\n", found)


def test_a_character_cut_in_two_costs_one_character():
    source = page(f"<div id=zoom><p>{SENTENCE}</p><p>@</p><p>{SENTENCE}</p></div>", charset="gb2312", head="")
    found = HtmlReader().read(source.encode("gb18030").replace(b"@", "镕".encode("gb18030")[:1] + b"."), name="a")
    assert found.damaged == 1
    assert found.text.splitlines()[::2] == [SENTENCE, SENTENCE]


def mhtml(source: str, *, encoding: str = "utf-8", kind: str = "related", frame: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/a.html"
    message["MIME-Version"] = "1.0"
    if frame is not None:
        message.set_content(frame.encode(), "text", "html", cte="quoted-printable")
    else:
        message.set_content(b"body{}", "text", "css", cte="base64")
    message.make_mixed()
    page_ = EmailMessage()
    page_.set_content(source.encode(encoding), "text", "html", cte="quoted-printable")
    page_["Content-Location"] = "http://www.example.gov.cn/a.html"
    message.attach(page_)
    return message.as_bytes().replace(b"multipart/mixed", f"multipart/{kind}".encode())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_mhtml(encoding, line_end):
    data = mhtml(trs().replace("charset=utf-8", "charset=gbk"), encoding=encoding).replace(b"\n", line_end)
    reader = reader_of(Peek.of_bytes(data, "a.mhtml"))
    assert isinstance(reader, MhtmlReader)
    document = reader.read(data, name="a.mhtml")
    assert document.text.splitlines() == PLAN
    assert document.format == "mhtml"
    assert document.extra["Content-Location"] == "http://www.example.gov.cn/a.html"


def test_mhtml_whose_text_is_in_a_frame():
    data = mhtml("<html><frameset><frame src=b.html></frameset></html>", frame=whole_body())
    assert MhtmlReader().read(data, name="a").text.splitlines() == PLAN


def test_mhtml_without_a_page():
    data = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/css\n\na\n--x--\n"
    )
    assert MhtmlReader().matches(Peek.of_bytes(data, "a"))
    with pytest.raises(UnreadableError) as caught:
        MhtmlReader().read(data, name="a")
    assert caught.value.reason == "broken"


def test_a_letter_is_no_saved_page():
    assert not MhtmlReader().matches(Peek.of_bytes(mhtml("<p>a</p>", kind="mixed"), "a"))


def test_deep_and_broken_pages():
    deep = "<div>" * 1000 + f"<p>{SENTENCE}</p>"
    assert SENTENCE in read(page(deep, head="")).text
    cut = page(f"<div id=zoom><p>{SENTENCE}</p><table><tr><td>甲</p><td>乙</div><a href='")
    assert read(cut).text.splitlines()[1] == SENTENCE


@pytest.mark.parametrize(
    "line",
    [
        "概述",
        "时间：2023年3月",
        "分享经验做法",
        "打印机采购",
        "来源管控",
        "政策解读工作",
        "首页改版",
        "主办单位职责",
        "某应急〔2023〕5号",
    ],
)
@pytest.mark.parametrize("where", [0, 2], ids=["before the first sentence", "after the last"])
def test_lines_that_only_look_like_the_page(line, where):
    lines = [SENTENCE, "（一）细化"]
    lines.insert(where, line)
    assert text_of(f"<div id=zoom>{paragraphs(lines)}</div>", head="") == lines


def test_a_plan_without_sentences():
    lines = ["一、重点任务", "（一）细化责任", "政策解读", "（二）开展检查", "二、保障措施"]
    assert text_of(f"<ul>{MENU}</ul><div>{paragraphs(lines)}</div>{FOOT}", head="") == lines


def test_a_table_at_the_beginning_keeps_its_head():
    table = "<table><tr><td>名称</td><td>责任部门</td></tr><tr><td>排查</td><td>执法科</td></tr></table>"
    found = text_of(f"<div id=zoom>{table}<p>{SENTENCE}</p></div>", head="")
    assert found == ["名称\t责任部门", "排查\t执法科", SENTENCE]


def test_names_of_menus_round_the_text_do_not_hide_it():
    body = f'<div class="print-content nav"><div class="location"><p>一、重点任务</p></div>{paragraphs(BODY[2:])}</div>'
    assert text_of(body, head="") == ["一、重点任务", *BODY[2:]]
