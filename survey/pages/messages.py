"""Pages that only say something: short, plain, and with a way on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from survey.instrument.validate import ErrorCode


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    """(address, label)"""


def field_error(code: ErrorCode, max_length: int) -> str:
    """`max_length`: of a text, in characters."""
    match code:
        case "required":
            return _("Please choose an answer: we need it before you can go on.")
        case "not_a_choice_together":
            return _("These answers do not go together. Please choose again.")
        case "too_long":
            return _("This is longer than we can take. Please shorten it to %(number)d characters.") % {
                "number": max_length
            }
        case _:
            return _("This answer is not one of those offered. Please choose again.")


def refused(status: int) -> Message:
    """A request that could not be read as a form."""
    if status == 413:
        return Message(
            _("This is too long to be sent"),
            (
                _("Together your answers are longer than we can take, and nothing was stored."),
                _("Go back in your browser: your answers are still there. Then shorten what you wrote."),
            ),
        )
    return Message(
        _("This could not be read"),
        (
            _("What arrived was not a filled-in form, or only a part of it. Nothing was stored."),
            _("Go back in your browser and send it again."),
        ),
    )


def unknown_page(home: str) -> Message:
    return Message(
        _("There is nothing here"),
        (_("The address may be mistyped, or the survey may have ended."),),
        ((home, _("To the open surveys")),),
    )


def not_open(home: str) -> Message:
    return Message(
        _("This survey is not open now"),
        (_("No answers are taken at the moment. Thank you for coming."),),
        ((home, _("To the open surveys")),),
    )


def other_language() -> Message:
    return Message(
        _("Not in this language yet"),
        (_("This survey is open in other languages. Please choose one at the top of the page."),),
    )


def ended(text: str) -> Message:
    return Message(_("The survey ends here"), (text,))


def stopped(receipt_page: str) -> Message:
    return Message(
        _("You have stopped"),
        (
            _("What you filled in but did not send was only in the page you have left. Nothing of it was stored."),
            _("To be sure that nobody goes back to it, close this browser window now."),
            _("If you had sent answers before, you can erase them with your code."),
        ),
        ((receipt_page, _("Erase answers that I have sent")),),
    )


def changed(receipt_page: str) -> Message:
    return Message(
        _("You have sent other answers with this code before"),
        (
            _("A code belongs to one set of answers. The earlier ones are as they were; nothing new was stored."),
            _("You can look at the earlier answers and erase them with your code, or send these as a new answer."),
        ),
        ((receipt_page, _("See or erase the earlier answers")),),
    )


def already_erased() -> Message:
    return Message(
        _("These answers were erased"),
        (_("You have erased the answers with this code, and they stay erased. Nothing was stored."),),
    )


def erased() -> Message:
    return Message(
        _("Your answers are erased"),
        (
            _("Nothing of them is left in the survey. Thank you for having thought about taking part."),
            _("If you share this device, close the browser window now."),
        ),
    )


def late(can_send_again: bool) -> Message:
    closed = _(
        "The time for these answers is over, and nothing was stored. Here they are, so that they are not lost to you."
    )
    again = _("A new wave has begun, with a seal date of its own. You can send your answers there.")
    return Message(_("This wave of the survey has ended"), (closed, again) if can_send_again else (closed,))


def unknown_code() -> str:
    return _(
        "We have no answers under this code. Either they were erased, or the seal date has passed: "
        "then nobody can find them any more."
    )


def mistyped_code() -> str:
    return _("A sign in this code is wrong or missing. Please compare it with what you wrote down.")
