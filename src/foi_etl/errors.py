"""What can go wrong, named by what a person does next."""

from __future__ import annotations


class FoiError(Exception):
    """The root. `where` holds the coordinates; the message holds the sentence, remedy included."""

    def __init__(self, message: str, **where: object) -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __str__(self) -> str:
        trail = " ".join(f"{key}={value}" for key, value in self.where.items())
        return f"{self.message} [{trail}]" if trail else self.message


class WaitAndRetry(FoiError):
    """The portal is busy or asked us to slow down. Leave it alone for a while."""


class Refused(FoiError):
    """The portal, or its robots.txt, says no. It is recorded and not fought; a person may write to them."""


class BudgetSpent(FoiError):
    """The run, or its share of one portal, is used up. Run again: it goes on from what it has."""


class FixTheRegistry(FoiError):
    """The portal moved, or was never where we wrote. A person edits the register."""


class TeachTheReader(FoiError):
    """The document is what was published and we do not understand it. Add a case, then code."""


class NotAReport(TeachTheReader):
    """The bytes are not a readable report at all: empty, an image, a login page, a page without the form."""


class IsAPicture(NotAReport):
    """The document shows text only as a picture. It has to be recognised, which needs the extra `ocr`."""


class StaleCorrection(FoiError):
    """A correction by hand quotes what its cell no longer says. A person looks at the cell again."""


class ArchiveDamaged(FoiError):
    """Kept bytes are not what was written. Restore the file from a backup; nothing is guessed from it."""


class StaleLedger(FoiError):
    """The ledger of the archive is not one that we can read. `foi-etl archive index` makes it anew."""


class ReleaseDamaged(FoiError):
    """A release on disk is not what was released. Delete it and rebuild from the archive."""


class ReleaseStopped(FoiError):
    """The gate objects. A person looks, and mends what caused it or accepts it with a reason."""


class WrongUsage(FoiError):
    """The command line asked for something that does not exist. The message says what does."""


class CannotRelease(FoiError):
    """What was read does not fit the published tables, or claims one place twice. Nothing is dropped."""
