"""The log: one writer, who acknowledges nothing that a power cut could take away."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, LogDamaged, WriteFailed
from trucewatch.evidence.log.batch import Batch, payload_digest
from trucewatch.evidence.log.disk import FolderDisk
from trucewatch.evidence.log.entries import EntryKind, NewEntry, Receipt, nanoseconds
from trucewatch.evidence.log.erasing import is_step
from trucewatch.evidence.log.held import HeldLog
from trucewatch.evidence.log.index import Index, report_key
from trucewatch.evidence.log.keys import ENTRY, KeyChange, Why
from trucewatch.evidence.log.layout import (
    CHECKPOINT,
    lay_out,
    own_signer,
    owned,
    read_checkpoint,
    reading,
)
from trucewatch.evidence.log.rekeying import Rekeying, begin, under_way
from trucewatch.evidence.log.sealing import SEALED, Sealer, sealer_of
from trucewatch.evidence.log.stamped import Stamps
from trucewatch.evidence.log.storage import Disk, clear_scratch, place_durably
from trucewatch.evidence.log.tiles import WIDTH
from trucewatch.evidence.log.witnessed import add_lines, keep_cosigned
from trucewatch.evidence.tlog.notes import Checkpoint, Signer, check_name
from trucewatch.model import utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

DOUBT = 1_000_000_000
"""How far the clock may be off where nobody says more, in nanoseconds."""


class Log(HeldLog):
    """The evidence log of a mission; make one with `create` or `open`, and close it.

    It belongs to one thread. After a failed write every further write is refused (WriteFailed),
    because nobody can say what reached the disk: end the process and open the log anew. What was
    acknowledged can still be read. `account` tells in words what had to be put right, on opening
    and since.
    """

    def __init__(self, disk: Disk, *, readonly: bool, keyless: bool = False) -> None:
        """Read and check a log that exists; `open` is the door for callers."""
        super().__init__(disk)
        self._readonly = readonly
        self._refusal = "the log was opened for reading only" if readonly else ""
        self._index: Index | None = None
        self._recipients: Callable[[], Sequence[str]] = tuple
        self._signer: Signer | None = None
        self.account: tuple[str, ...] = ()
        if not readonly:
            with self._writing("opening the log"):
                self._recover(keyless=keyless)
            self.cosign(())  # a crash may have left more in `witnessed/` than in `checkpoint`

    def _recover(self, *, keyless: bool) -> None:
        """Put right what a crash may leave, and publish what is durable but was not published."""
        published = self._checkpoint.size if self._checkpoint else 0
        clear_scratch(self._disk)
        account = []
        if self._journal.torn is not None:
            account.append(self._journal.cut())
        self._journal.rewrite(published)
        change, told = under_way(self._disk, self._journal, self._payloads)
        account += told
        if self.size > published and not keyless:
            account.append(f"published entries {published} to {self.size - 1}, found durable")
        if change is not None:
            self._rekey(change)
        elif not keyless:
            self._signer = own_signer(self._disk, self._verifier)
            if self._checkpoint is None or self.size > published:
                self._publish(self._signer)
        erasures = self._erasures()
        account += erasures.finish(self._checkpoint.size if self._checkpoint else 0)
        self.account = tuple(account)

    @classmethod
    def create(cls, folder: Path, *, origin: str, disk: Disk | None = None) -> Log:
        """Make a new log with a new key and publish its empty checkpoint.

        `origin` names the log for ever, best as a host and a path ("example.org/mission");
        ValueError for white space or a plus sign. EvidenceError where there is a log already.
        `disk` is where the files are kept, if not in `folder` itself.
        """
        check_name(origin)
        if disk is None:
            try:
                disk = FolderDisk.make(folder)
            except OSError as error:
                raise WriteFailed(f"cannot make the folder of the log: {error}") from error
        found = disk

        def make() -> Log:
            lay_out(found, origin)
            return cls(found, readonly=False)

        return owned(found, folder, make)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        readonly: bool = False,
        disk: Disk | None = None,
        keyless: bool = False,
    ) -> Log:
        """Open a log that exists, for writing by default.

        NotFound where there is none; EvidenceError where another process writes it; LogDamaged,
        with an account, where what is on disk contradicts itself. A reader needs no lock and sees
        what was durable when it opened. `keyless` opens one whose signing key is lost or not to
        be used again: it publishes nothing until `change_key` gives it a key.
        """
        found = FolderDisk(folder) if disk is None else disk
        if not readonly:
            return owned(found, folder, lambda: cls(found, readonly=False, keyless=keyless))
        with reading():
            return cls(found, readonly=True)

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the lock; what was acknowledged stays, published or not."""
        self._refusal = self._refusal or "the log is closed"
        self._disk.close()

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        """Allow writing once; whatever ends it early, an interrupt included, ends all writing."""
        if self._refusal:
            raise (EvidenceError if self._readonly else WriteFailed)(self._refusal)
        self._refusal = f"the log refuses to go on: {what} did not finish"
        try:
            yield
        except OSError as error:
            self._refusal = f"{what} failed: {error}"
            raise WriteFailed(self._refusal) from error
        self._refusal = ""

    def append(
        self,
        entries: Sequence[NewEntry],
        *,
        received: datetime,
        uncertainty: timedelta = timedelta(seconds=1),
    ) -> tuple[Receipt, ...]:
        """Make entries durable together and acknowledge them in the same order.

        A report whose source and payload the log has already is not recorded again; its receipt
        is the first one's, with `repeated`. The time recorded is never before the last entry's;
        what the clock said stands beside it. Erased: one of the payloads was, and nothing of this
        call is taken. WriteFailed: nothing of this call is acknowledged, and the log refuses
        further writing.
        """
        if any(entry.kind is EntryKind.ROLE and entry.name == ENTRY for entry in entries):
            raise ValueError("a key is changed by change_key alone")
        clock = nanoseconds(utc(received))
        if uncertainty < timedelta(0):
            raise ValueError("an uncertainty is not negative")
        doubt = uncertainty // timedelta(microseconds=1) * 1000
        erasures = self._erasures()
        if erasures.any:
            for entry in entries:
                erasures.refuse(payload_digest(entry.payload))
        if any(is_step(entry) for entry in entries):
            erasures.admit(entries, self.entries())
        sealer = sealer_of(entries, self._recipients)
        with self._writing("an append"):
            receipts = self._append(entries, clock, doubt, sealer)
            if any(is_step(entry) for entry in entries):
                erasures.learn(receipts[0].index, self.size)
            return receipts

    def _append(
        self, entries: Sequence[NewEntry], clock: int, doubt: int, sealer: Sealer | None = None
    ) -> tuple[Receipt, ...]:
        """Make entries durable; times in nanoseconds since 1970 UTC."""
        if self._index is None:
            self._index = Index(self._disk, self._journal, self._prefixes)
        time = clock if self._last_time is None else max(clock, self._last_time)
        batch = Batch(
            self._index,
            origin=self.origin,
            first=self.size,
            clock=clock,
            time=time,
            uncertainty=doubt,
        )
        receipts = []
        for entry in entries:
            digest = payload_digest(entry.payload)
            report = entry.kind is EntryKind.REPORT
            key = report_key(entry.source, digest) if report else 0
            known = batch.repeated(entry, digest) or self._find(entry, digest, key)
            if known is None:
                sealed = sealer.seal(entry.payload) if sealer and entry.kind in SEALED else None
                known = batch.add(entry, digest, key, sealed)
            receipts.append(known)
        if batch.records:
            self._tell(self._payloads.keep(batch.payloads))
            if self._journal.full:
                self._index.close_segment(self._frontier.root())
            self._journal.append(batch.records)
            batch.commit(self._frontier)
            self._last_time = time
        return tuple(receipts)

    def _tell(self, account: Sequence[str]) -> None:
        self.account = (*self.account, *account)

    def _find(self, entry: NewEntry, digest: str, key: int) -> Receipt | None:
        """The receipt of the same report, where the log has it; what was lost of it is mended."""
        index = None if self._index is None else self._index.find(key)
        if index is None:
            return None
        (found,) = self.entries(index, index + 1)
        if (found.kind, found.source, found.payload) != (entry.kind, entry.source, digest):
            return None
        told = self._kept.mend(found, entry.payload)
        self._tell(told)
        if told and found.stored != digest:
            return None
        return Receipt(
            origin=self.origin,
            index=index,
            leaf_hash=found.leaf_hash,
            payload=digest,
            received=found.received,
            repeated=True,
        )

    def encrypt_to(self, recipients: Callable[[], Sequence[str]]) -> None:
        """Encrypt what is delivered or decided from now on to these age keys; to none: do not.

        They are asked for at each append, which raises MissingExtra without the extra and
        ValueError for a key that is none.
        """
        self._recipients = recipients

    def publish(self) -> Checkpoint:
        """Build the tiles of all durable entries, read them back, and sign and publish the root.

        Payloads whose erasure is published with it are removed then, and not before. Without new
        entries the last checkpoint stands as it is.
        """
        with self._writing("publishing"):
            if self._checkpoint is None or self.size > self._checkpoint.size:
                self._publish(self._signer)
            self._erasures().finish(self._checkpoint_now().size)
            return self._checkpoint_now()

    def _publish(self, signer: Signer | None, *, also: Signer | None = None) -> None:
        if signer is None:
            raise EvidenceError("the log was opened without its key: it signs nothing")
        old = self._checkpoint.size if self._checkpoint else 0
        base = old - old % WIDTH
        leaves = [frame.leaf for frame in self._journal.frames(base, self.size)]
        self._tiles.publish(old, leaves, self._prefixes.signed)
        built = self._tiles.root(self.size)
        if built != self._frontier.root():
            raise LogDamaged(
                f"the tiles of size {self.size} read back with the root {built.hex()}, the "
                f"journal has {self.root()}; nothing was signed"
            )
        if read_checkpoint(self._disk, self._verifier) != self._checkpoint:
            raise LogDamaged("the checkpoint was changed by somebody else; nothing was signed")
        signed = signer.checkpoint(self.size, built, also=also)
        place_durably(self._disk, CHECKPOINT, signed.note.encode(), private=False)
        self._checkpoint = signed
        self._tiles.prune(old, self.size)

    def cosign(self, lines: Sequence[str]) -> Checkpoint:
        """Keep witnesses' lines below the published checkpoint, which the caller verified; durable.

        LogDamaged for a line that has not the form of a signature; nothing was written.
        """
        old = self._checkpoint_now()
        new = add_lines(self._disk, self._verifier, old, lines)
        if new != old:
            with self._writing("keeping cosignatures"):
                keep_cosigned(self._disk, self._verifier, old, new)
                self._checkpoint = new
        return new

    def stamps(self) -> Stamps:
        """The time stamps on published checkpoints, which lie beside the log."""
        return Stamps(self._disk, self._checkpoint_now().size, self._writing)

    def change_key(
        self,
        *,
        why: Why,
        by: str,
        reason: str,
        source: str,
        received: datetime,
        trusted: int | None = None,
    ) -> KeyChange:
        """Have another key, made here, sign the log from now on; all that is told is published.

        After a compromise the old key's signature counts up to `trusted` entries, which is as many
        as are published unless it is said; ValueError for more than that, or for a rotation.
        Where this ends early, opening the log anew finishes it or finds that nothing was changed.
        """
        clock = nanoseconds(utc(received))
        if why is Why.ROTATION:
            self.publish()
        published = self._checkpoint_now().size
        if trusted is not None and (why is Why.ROTATION or not 0 <= trusted <= published):
            raise ValueError(f"an old key is trusted for none to {published} published entries")
        change = KeyChange(
            why=why,
            origin=self.origin,
            old=self._verifier.vkey(),
            new="",
            size=self.size,
            root=self.root(),
            trusted=self.size if why is Why.ROTATION else published if trusted is None else trusted,
            by=by,
            reason=reason,
        )
        with self._writing("a change of key"):
            made = begin(self._disk, change, self._signer)
            self._append([made.entry(source)], clock, DOUBT)
            self._rekey(made)
        return made.change

    def _rekey(self, made: Rekeying) -> None:
        """Finish a change whose entry is durable, from wherever it stopped."""
        made.announce(self._disk)
        if self._checkpoint_now().size < self.size:
            self._publish(made.new, also=made.old)
        made.settle(self._disk)
        self._signer, self._verifier = made.new, made.new.verifier
        self._checkpoint = read_checkpoint(self._disk, self._verifier)
