"""Payment files for the bank: SEPA credit transfers (pain.001) where everything is in euro and IBAN, else a table.

Making a file says of each transfer in it that it is on its way. A file is written anew from its rows whenever it is
downloaded, and so is always the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as Xml

from sqlalchemy import select

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.money import Money
from core.orders.numbers import next_number
from core.payments import adapters, bank_accounts
from core.payments.adapters import Sent, SentState
from core.payments.bank_accounts import BankAccount
from core.payments.bank_models import BankAccountRow, BankFileRow, TransferRow

_PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_HEAD = ("number", "holder", "account", "bank_code", "bank_name", "country", "amount", "currency", "reference")


@dataclass(frozen=True, slots=True)
class BankFile:
    """A payment file; `kind` is csv or pain001."""

    id: UUID
    number: str
    kind: str
    total: Money
    count: int
    by_name: str
    made_at: datetime

    @property
    def name(self) -> str:
        """What the download is called."""
        return f"{self.number}.{'xml' if self.kind == 'pain001' else 'csv'}"


@dataclass(frozen=True, slots=True)
class _Line:
    transfer: TransferRow
    account: BankAccountRow
    number: str


def make() -> BankFile:
    """Put every transfer that is on the desk into a file; settlement hears that they are on their way.

    Raise Conflict if there is none.
    """
    ids = session().scalars(select(TransferRow.id).where(TransferRow.state == "to_do")).all()
    rows = [row for row in lock(TransferRow, ids) if row.state == "to_do"]
    if not rows:
        raise Conflict("transfers.nothing", _("No transfer waits for a file"))
    own = bank_accounts.of_merchant(None)
    file = BankFileRow(
        id=new_id(), number=f"BF{next_number('bank_file')}", kind=_kind(rows, own), account_id=own.id if own else None,
        total_minor=sum(row.amount_minor for row in rows), currency=rows[0].currency, count=len(rows),
        by_name=audit.actor().name, made_at=clock.now(),
    )  # fmt: skip
    session().add(file)
    for row in rows:
        row.file_id, row.state = file.id, "in_file"
    session().flush()
    audit.record("transfers.file_made", "bank_file", file.id, number=file.number, count=len(rows))
    for row in rows:
        adapters.tell(row.payout_id, Sent(row.number, SentState.SENT))
    return _value(file)


def _kind(rows: Sequence[TransferRow], own: BankAccount | None) -> str:
    ids = {row.account_id for row in rows}
    accounts = session().scalars(select(BankAccountRow.is_iban).where(BankAccountRow.id.in_(ids))).all()
    is_sepa = own is not None and own.is_iban and all(accounts) and {row.currency for row in rows} == {"EUR"}
    return "pain001" if is_sepa else "csv"


def files(limit: int = 20) -> list[BankFile]:
    """Return the latest files, newest first."""
    rows = session().scalars(select(BankFileRow).order_by(BankFileRow.id.desc()).limit(limit))
    return [_value(row) for row in rows]


def written(file_id: UUID) -> tuple[BankFile, bytes]:
    """Return a file with its content. Raise Missing."""
    row = session().scalars(select(BankFileRow).where(BankFileRow.id == file_id)).one_or_none()
    if row is None:
        raise Missing("transfers.no_file", _("There is no such file"))
    lines = _lines(file_id)
    return _value(row), _pain(row, lines) if row.kind == "pain001" else _table(lines)


def _lines(file_id: UUID) -> list[_Line]:
    rows = session().scalars(select(TransferRow).where(TransferRow.file_id == file_id).order_by(TransferRow.id)).all()
    query = select(BankAccountRow).where(BankAccountRow.id.in_({row.account_id for row in rows}))
    accounts = {row.id: row for row in session().scalars(query)}
    return [
        _Line(row, accounts[row.account_id], bank_accounts.opened(accounts[row.account_id])) for row in rows
    ]  # fmt: skip


def _table(lines: Sequence[_Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(_HEAD)
    for line in lines:
        account, transfer = line.account, line.transfer
        amount = Money(transfer.amount_minor, transfer.currency).decimal
        writer.writerow([
            transfer.number, _plain(account.holder), line.number, account.bank_code, _plain(account.bank_name),
            account.country, amount, transfer.currency, transfer.number,
        ])  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(text: str) -> str:
    """Return text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _pain(file: BankFileRow, lines: Sequence[_Line]) -> bytes:
    own = session().scalars(select(BankAccountRow).where(BankAccountRow.id == file.account_id)).one()
    root = Xml.Element("Document", xmlns=_PAIN)
    top = Xml.SubElement(root, "CstmrCdtTrfInitn")
    head = _sub(top, "GrpHdr", MsgId=file.number, CreDtTm=file.made_at.strftime("%Y-%m-%dT%H:%M:%S"))
    total = str(Money(file.total_minor, file.currency).decimal)
    _sub(head, NbOfTxs=str(file.count), CtrlSum=total)
    _sub(_sub(head, "InitgPty"), Nm=own.holder)
    batch = _sub(top, "PmtInf", PmtInfId=f"{file.number}-1", PmtMtd="TRF", NbOfTxs=str(file.count), CtrlSum=total)
    _sub(_sub(_sub(batch, "PmtTpInf"), "SvcLvl"), Cd="SEPA")
    _sub(_sub(batch, "ReqdExctnDt"), Dt=file.made_at.date().isoformat())
    _party(batch, "Dbtr", own.holder, bank_accounts.opened(own), own.bank_code, is_payer=True)
    _sub(batch, ChrgBr="SLEV")
    for line in lines:
        _transfer(batch, line)
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _transfer(batch: Xml.Element, line: _Line) -> None:
    entry = _sub(batch, "CdtTrfTxInf")
    _sub(_sub(entry, "PmtId"), EndToEndId=line.transfer.number)
    amount = _sub(_sub(entry, "Amt"), "InstdAmt")
    amount.set("Ccy", line.transfer.currency)
    amount.text = str(Money(line.transfer.amount_minor, line.transfer.currency).decimal)
    _party(entry, "Cdtr", line.account.holder, line.number, line.account.bank_code, is_payer=False)
    _sub(_sub(entry, "RmtInf"), Ustrd=line.transfer.number)


def _party(at: Xml.Element, role: str, name: str, iban: str, bic: str, *, is_payer: bool) -> None:
    """Write who pays or is paid; the standard wants a payer's account before its bank, a payee's after it."""

    def account() -> None:
        _sub(_sub(_sub(at, f"{role}Acct"), "Id"), IBAN=iban)

    def bank() -> None:
        place = _sub(_sub(at, f"{role}Agt"), "FinInstnId")
        if bic:
            _sub(place, BICFI=bic)
        else:
            _sub(_sub(place, "Othr"), Id="NOTPROVIDED")

    if is_payer:
        _sub(_sub(at, role), Nm=name)
        account()
        bank()
        return
    if bic:
        bank()
    _sub(_sub(at, role), Nm=name)
    account()


def _sub(parent: Xml.Element, name: str = "", **texts: str) -> Xml.Element:
    """Add an element with these texts inside, or, without a name, the texts themselves."""
    at = Xml.SubElement(parent, name) if name else parent
    for tag, text in texts.items():
        Xml.SubElement(at, tag).text = text
    return at


def _value(row: BankFileRow) -> BankFile:
    total = Money(row.total_minor, row.currency)
    return BankFile(row.id, row.number, row.kind, total, row.count, row.by_name, row.made_at)
