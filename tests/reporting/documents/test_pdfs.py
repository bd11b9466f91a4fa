"""PDFs: what acts is refused wherever it hides; what people fill in and follow is not."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, NameTree, Pdf, String

from reporting.documents import pdfs
from reporting.documents.rules import Accepted, Refused, check
from tests.reporting.documents import samples
from tests.reporting.documents.samples import put_annotation, put_form, script

Change = Callable[[Pdf], object]


def attach(document: Pdf) -> None:
    document.attachments["run.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="run.exe")


def name_script(document: Pdf) -> None:
    document.Root.Names = Dictionary()
    tree = NameTree.new(document)
    document.Root.Names.JavaScript = tree.obj
    tree["start"] = script()


def script_on(what: str) -> Change:
    def change(document: Pdf) -> None:
        put_form(document)
        place = {
            "document": document.Root,
            "page": document.pages[0].obj,
            "field": document.Root.AcroForm.Fields[0],
        }[what]
        place.AA = Dictionary(O=document.make_indirect(script()))

    return change


ADDRESS = String("https://example.org")


def hide_deep(document: Pdf) -> None:
    following = Array([Dictionary(S=Name.Named, N=Name.NextPage), script()])
    put_annotation(document, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=ADDRESS, Next=following))


def act(action: Name) -> Change:
    """A button or link with this action."""
    return lambda document: put_annotation(document, Subtype=Name.Link, A=Dictionary(S=action, F=String("x")))


ACTIVE: dict[str, tuple[Change, str]] = {
    "script on opening": (lambda d: setattr(d.Root, "OpenAction", script()), pdfs.SCRIPT),
    "script by name": (name_script, pdfs.SCRIPT),
    "script on the document": (script_on("document"), pdfs.SCRIPT),
    "script on a page": (script_on("page"), pdfs.SCRIPT),
    "script in a field": (script_on("field"), pdfs.SCRIPT),
    "script after a link": (hide_deep, pdfs.SCRIPT),
    "launch": (act(Name.Launch), pdfs.COMMAND),
    "another file": (act(Name.GoToR), pdfs.COMMAND),
    "file within a file": (act(Name.GoToE), pdfs.COMMAND),
    "address by itself": (
        lambda d: setattr(d.Root, "OpenAction", Dictionary(S=Name.URI, URI=ADDRESS)),
        pdfs.COMMAND,
    ),
    "address on a page": (
        lambda d: setattr(
            d.pages[0].obj,
            "AA",
            Dictionary(O=Dictionary(S=Name.Named, Next=Dictionary(S=Name.URI, URI=ADDRESS))),
        ),
        pdfs.COMMAND,
    ),
    "sending": (act(Name.SubmitForm), pdfs.SENDING),
    "fetching": (act(Name.ImportData), pdfs.SENDING),
    "sound": (act(Name.Sound), pdfs.MEDIA),
    "attachment": (attach, pdfs.FILES),
    "attachment on a page": (lambda d: put_annotation(d, Subtype=Name.FileAttachment), pdfs.FILES),
    "film": (lambda d: put_annotation(d, Subtype=Name.RichMedia), pdfs.MEDIA),
    "XFA": (lambda d: put_form(d, XFA=d.make_stream(b"<xdp/>")), pdfs.XFA),
}


@pytest.mark.parametrize(("change", "found"), ACTIVE.values(), ids=ACTIVE.keys())
@pytest.mark.parametrize("packed", [True, False])
def test_what_acts_is_refused(change: Change, found: str, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    with pytest.raises(pdfs.Active, match=found.replace("(", r"\(").replace(")", r"\)")):
        pdfs.inspect(samples.pdf(change, object_stream_mode=mode))


HARMLESS: dict[str, Change] = {
    "blank": lambda d: None,
    "form": put_form,
    "link": lambda d: put_annotation(d, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=ADDRESS)),
    "first page on opening": lambda d: setattr(d.Root, "OpenAction", Array([d.pages[0].obj, Name.Fit])),
    "named action": lambda d: setattr(d.Root, "OpenAction", Dictionary(S=Name.Named, N=Name.FirstPage)),
    "reset button": lambda d: put_annotation(d, Subtype=Name.Widget, A=Dictionary(S=Name.ResetForm)),
    "words about scripts": lambda d: d.docinfo.update({"/Title": "/JavaScript /Launch /XFA"}),
    "content that only looks like one": lambda d: d.pages[0].contents_add(b"% /S /JavaScript"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_people_fill_in_and_follow_is_fine(change: Change) -> None:
    pdfs.inspect(samples.pdf(change))


def test_a_name_written_in_code_is_read() -> None:
    with pytest.raises(pdfs.Active):
        pdfs.inspect(samples.plain_pdf("<</S/#4aava#53cript/JS(x)>>"))


def test_what_no_page_leads_to_is_read_too() -> None:
    with pytest.raises(pdfs.Active):
        pdfs.inspect(samples.plain_pdf("<</A[[[<</B<</S/Launch>>>>]]]>>"))


def test_a_password_to_open_is_refused_and_said() -> None:
    verdict = check("a.pdf", samples.pdf(encryption=Encryption(owner="o", user="u")))
    assert isinstance(verdict, Refused)
    assert verdict.code == "locked"
    assert "password" in verdict.message


def test_a_password_only_to_change_is_fine() -> None:
    assert isinstance(check("a.pdf", samples.pdf(encryption=Encryption(owner="o", user=""))), Accepted)
    with pytest.raises(pdfs.Active):
        pdfs.inspect(samples.pdf(ACTIVE["script by name"][0], encryption=Encryption(owner="o", user="")))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        samples.pdf()[:-40],
        samples.pdf()[:200],
        samples.plain_pdf().replace(b"startxref\n", b"startxref\n9"),
        samples.plain_pdf().replace(b"/Kids[3 0 R]/Count 1", b"/Kids[     ]/Count 0"),
    ],
)
def test_broken_ones_are_refused(data: bytes) -> None:
    with pytest.raises(pdfs.Broken):
        pdfs.inspect(data)


@pytest.mark.parametrize(
    "faulty",
    [
        samples.plain_pdf("[" * 5000 + "]" * 5000),
        samples.plain_pdf("<</S/Launch/F(x)/S/URI>>"),
        samples.plain_pdf("<</A(x)/B ~~~ >>"),
    ],
)
def test_one_with_small_faults_is_stored_as_it_was_read(faulty: bytes) -> None:
    stored = pdfs.inspect(faulty)
    assert stored != faulty
    assert b"/Launch" not in stored
    assert pdfs.inspect(stored) == stored


def test_too_many_objects_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs, "MAX_OBJECTS", 50)
    pdfs.inspect(samples.plain_pdf(*["<<>>"] * 40))
    with pytest.raises(pdfs.TooComplex):
        pdfs.inspect(samples.plain_pdf(*["<<>>"] * 60))


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs, "MAX_VALUES", 1000)
    with pytest.raises(pdfs.TooComplex):
        pdfs.inspect(samples.plain_pdf("[" + "[]" * 2000 + "]"))


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs, "MAX_PAGES", 2)
    with pytest.raises(pdfs.TooComplex):
        pdfs.inspect(samples.pdf(lambda d: [d.add_blank_page() for _ in range(3)]))


def test_pages_and_pictures_are_not_unpacked() -> None:
    """A page whose content unpacks to 200 MB is looked at without doing so."""

    def bomb(document: Pdf) -> None:
        stream = document.make_stream(zlib.compress(bytes(200_000_000)))
        stream.Filter = Name.FlateDecode
        document.pages[0].obj.Contents = stream

    document = samples.pdf(bomb)
    assert len(document) < 1_000_000
    pdfs.inspect(document)


def test_the_message_says_what_was_found_and_what_to_do() -> None:
    verdict = check("claim.pdf", samples.pdf(ACTIVE["script by name"][0]))
    assert verdict == Refused(
        "active",
        "“claim.pdf” contains a script, which we cannot take. Open it, print it to a new PDF and add that instead",
    )


def test_a_stream_of_objects_that_is_damaged_is_refused() -> None:
    data = BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(data, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    whole = data.getvalue()
    at = whole.index(b"/ObjStm")
    start = whole.index(b"stream\n", at) + 12
    with pytest.raises(pdfs.Broken):
        pdfs.inspect(whole[:start] + b"\0" * 20 + whole[start + 20 :])
