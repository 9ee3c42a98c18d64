"""Why a file was not taken, in the order in which a person can do something about it.

FileRefused                     any file
├── EmptyFile
├── TooLarge                    more bytes than allowed
├── WrongKind                   its content is none of the kinds asked for
├── WrongName                   its name ends as another kind's does
├── SwollenArchive              unpacks into far more than it weighs
└── SheetRefused                a table
    ├── OldExcel                a workbook of Excel 97-2003
    ├── LockedWorkbook          needs a password
    ├── DamagedSheet            broken off, or quotes that never close
    ├── UnknownEncoding         neither UTF-8 nor Shift_JIS
    ├── NoRows                  no heading row
    ├── TooManyRows
    ├── TooManyColumns
    ├── SameHeadingTwice
    └── NoHeading               a value in a column without a heading
"""

from ayumi.kernel.errors import Invalid
from ayumi.kernel.words import _


class FileRefused(Invalid):
    """A file that is not taken; what to do instead is in the sentence."""

    message = _("This file cannot be used.")


class EmptyFile(FileRefused):
    message = _("“%(filename)s” is empty. Please choose the file again.")


class TooLarge(FileRefused):
    message = _("“%(filename)s” is %(size)s MB. Files up to %(limit)s MB can be used.")


class WrongKind(FileRefused):
    message = _("“%(filename)s” is not of a kind that can be used here. Please choose one of: %(allowed)s.")


class WrongName(FileRefused):
    message = _("“%(filename)s” is a %(kind)s file by its content. Please let its name end in %(kind)s, too.")


class SwollenArchive(FileRefused):
    message = _("“%(filename)s” unpacks into too much data. Please save it again in Excel and choose it once more.")


class SheetRefused(FileRefused):
    """A table that is not read."""

    message = _("This table cannot be read.")


class OldExcel(SheetRefused):
    message = _("“%(filename)s” is in the format of Excel 97-2003. Please save it as an Excel workbook (.xlsx).")


class LockedWorkbook(SheetRefused):
    message = _("“%(filename)s” is protected by a password. Please save it without one.")


class DamagedSheet(SheetRefused):
    message = _("“%(filename)s” cannot be read from row %(row)s on. Please save it again and choose it once more.")


class UnknownEncoding(SheetRefused):
    message = _("The characters of “%(filename)s” cannot be read. Please save it as CSV UTF-8 or as .xlsx.")


class NoRows(SheetRefused):
    message = _("“%(filename)s” has no rows. The first row must hold the headings.")


class TooManyRows(SheetRefused):
    message = _("“%(filename)s” has more than %(limit)s rows. Please split it.")


class TooManyColumns(SheetRefused):
    message = _("“%(filename)s” has more than %(limit)s columns. Please remove those that are not needed.")


class SameHeadingTwice(SheetRefused):
    message = _("“%(filename)s” has two columns called “%(heading)s”. Please keep one of them.")


class NoHeading(SheetRefused):
    message = _("Row %(row)s of “%(filename)s” has a value in column %(column)s, which has no heading.")
