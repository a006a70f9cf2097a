"""The later parts of a pack: correspondence, decisions and audit, unused material, certificate."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from pypdf import PdfReader

from config.vrm import spaced
from config.wire import SigningKey
from enforcement.cases.proving import proof_words
from enforcement.cases.values import Decision
from enforcement.console.words import day, local_time, percent, plain, utc_time
from enforcement.packs.audit_extract import AuditExtract
from enforcement.packs.material import Material, Unused
from enforcement.packs.members import Member
from enforcement.packs.numbering import Numbering
from enforcement.packs.pages import Block, Facts, Hashes, Part, Sheets, Table, Title, Words

BY_HAND = (
    "certified copy of the sealed order, and of its plan",
    "photographs of the signs as they stood on the day",
    "commissioning record of each camera site, and the drive that measured the window",
    "the keeper's reply, where it came on paper",
    "plating certificate, where the weight is disputed",
)


def papers(
    material: Material, numbers: Numbering, originals: Sequence[Member], key: SigningKey
) -> tuple[Part, ...]:
    """The parts after the reasoning, in their order. The last two are no exhibits."""
    return (
        Part(number=numbers.of("letters"), title="Correspondence", blocks=tuple(_letters(material))),
        Part(number=numbers.of("audit"), title="Decisions and audit log", blocks=tuple(_audit(material))),
        Part(number="", title="Schedule of unused material", blocks=tuple(_unused(material))),
        Part(
            number="",
            title="Certificate of software, models and files",
            blocks=tuple(_certificate(material, originals, key)),
        ),
    )


def _letters(material: Material) -> Iterator[Block]:
    if not material.letters:
        yield Words("No letter was sent in this case.")
        return
    yield Words("Each letter follows as it was sent; its file is in the pack, unchanged.")
    yield Table(
        ("Letter", "Kind", "Dated"),
        tuple(
            (str(sent.letter.letter_id), plain(sent.letter.kind), day(sent.letter.created_at))
            for sent in material.letters
        ),
        (1, 2, 2),
    )
    yield Hashes(
        tuple((sent.name, sent.letter.pdf_sha256, f"{len(sent.pdf):,} B") for sent in material.letters)
    )
    yield from _ways_out(material)
    for sent in material.letters:
        pages = len(PdfReader(io.BytesIO(sent.pdf)).pages)
        yield Sheets(sent.name, pages, f"Letter {sent.letter.letter_id}, {plain(sent.letter.kind)}")


def _ways_out(material: Material) -> Iterator[Block]:
    yield Title("How they went out")
    yield Table(
        ("Letter", "When", "What", "By", "To"),
        tuple(
            (str(sent.letter.letter_id), local_time(proof.at), plain(proof.event), proof.who, proof.sent_to)
            for sent in material.letters
            for proof in sent.proofs
        )
        or (("", "nothing is recorded", "", "", ""),),
        (8, 26, 18, 14, 34),
        small=True,
    )


def _audit(material: Material) -> Iterator[Block]:
    yield from _decisions(material)
    yield from _extract(material.audit)


def _decisions(material: Material) -> Iterator[Block]:
    yield Title("Decisions")
    yield Table(
        ("When", "Who", "What", "Reason"),
        tuple(
            (
                local_time(each.decided_at),
                f"{each.officer_name}, {each.officer_number}" if each.officer_name else each.who,
                f"{plain(each.event)}: {plain(each.before)} to {plain(each.after)}",
                _why(each),
            )
            for each in material.case.decisions
        ),
        (22, 20, 26, 32),
        small=True,
    )


def _why(decision: Decision) -> str:
    proof = proof_words(decision.facts)
    return f"{decision.reason} Proof of the weight: {proof}." if proof else decision.reason


def _extract(extract: AuditExtract) -> Iterator[Block]:
    yield Title("Extract of the audit log")
    yield Words(
        f"The log has {extract.entries_in_log:,} entries; its whole chain was verified when this pack was "
        "made. Listed are the entries about this case and its letters. Each entry's hash covers the entry "
        "and the hash of the one before it. The file audit/extract.json also holds the hash of every other "
        "entry from the first below to the end of the log, so that any one of them can be asked for and "
        "checked."
    )
    yield Table(
        ("No.", "When (UTC)", "Who", "What", "Reason", "Hash"),
        tuple(
            (
                str(each.seq),
                utc_time(each.at).removesuffix(" UTC"),
                each.who,
                f"{plain(each.action)} {each.subject}",
                each.reason,
                each.hash[:12],
            )
            for each in extract.entries
        ),
        (7, 22, 16, 20, 25, 14),
        small=True,
    )


def _unused(material: Material) -> Iterator[Block]:
    unused, vrm = material.unused, material.case.summary.vrm
    yield Words(
        "What the system holds beside the evidence and what is not relied on. Whether any of it might "
        "undermine the prosecution or assist the defence is for the disclosure officer to judge (Criminal "
        "Procedure and Investigations Act 1996)."
    )
    yield Title(f"Other sightings of {spaced(vrm)} in the twelve months before the offence and since")
    yield Table(
        ("Captured", "Site", "Direction", "Passage"),
        tuple(
            (local_time(seen.captured_at), seen.site_id, seen.direction, seen.passage_id)
            for seen in unused.sightings
        )
        or (("none", "", "", ""),),
        (26, 20, 14, 40),
        small=True,
    )
    yield Title("Other cases of this registration")
    yield Table(
        ("Case", "Offence", "State"),
        tuple((str(each.case_id), local_time(each.offence_at), plain(each.state)) for each in unused.cases)
        or (("none", "", ""),),
        (1, 3, 3),
        small=True,
    )
    yield from _reads(material)
    yield from _others(unused)


def _others(unused: Unused) -> Iterator[Block]:
    yield Title("Other vehicles and other records")
    yield Facts(
        (
            ("Other marks read between entry and exit", f"{unused.others_read} at all cameras of the force"),
            ("Of these, easily confused with this one", str(unused.others_alike)),
            (
                "Heartbeats of both units",
                "held as long as passages rest on them; those next to each are exhibited",
            ),
            ("Counts of other traffic", "held per minute without registrations"),
        )
    )


def _reads(material: Material) -> Iterator[Block]:
    yield Title("Raw reads, before the vote of several looks")
    yield Table(
        ("Passage", "Frame", "Read", "Confidence", "Reader"),
        tuple(
            (
                "in" if end == "entry" else "out",
                str(read.frame_number),
                read.text,
                percent(read.confidence),
                read.reader,
            )
            for end, passage in material.ends
            for read in passage.message.raw_reads
        )
        or (("none held", "", "", "", ""),),
        (12, 10, 20, 16, 30),
        small=True,
    )


def _certificate(material: Material, originals: Sequence[Member], key: SigningKey) -> Iterator[Block]:
    yield Facts(
        (
            ("Pack made", utc_time(material.made_at)),
            ("Made by", f"{material.officer.rank} {material.officer.name}, {material.officer.number}"),
            ("Software at the centre", material.software),
            ("Software on the way in", material.entry.record.software),
            ("Software on the way out", material.exit.record.software),
            ("Key of this pack", key.key_id),
            ("Key of the unit on the way in", material.entry.key.key_id),
            ("Key of the unit on the way out", material.exit.key.key_id),
        )
    )
    models = {
        (name, sha256) for _, passage in material.ends for name, sha256 in passage.record.models.items()
    }
    yield Title("Models that found and read the vehicle")
    yield Hashes(tuple((name, sha256, "") for name, sha256 in sorted(models)))
    yield Title("Files of this pack")
    yield Words(
        "Each with its SHA-256. The list is signed together with this bundle's own hash in "
        "manifest.jws.json; hgv-enforce pack verify checks all of it without the force's systems."
    )
    yield Hashes(tuple((each.name, each.sha256, f"{len(each.content):,} B") for each in originals))
