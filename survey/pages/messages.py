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
    """A request that could not be read as a form, or whose method means nothing here."""
    if status == 405:
        return Message(
            _("This cannot be done here"),
            (_("The address is right, but not for what was asked of it. Nothing was stored."),),
        )
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


def not_open_yet(home: str) -> Message:
    return Message(
        _("This survey is not open yet"),
        (_("It takes no answers so far. Please come back later."),),
        ((home, _("To the open surveys")),),
    )


def closed(title: str, can_still_send: bool, seal_date: str, links: tuple[tuple[str, str], ...]) -> Message:
    """`seal_date`: empty for a wave that is sealed."""
    lines = [_("“%(title)s” takes no new answers. Thank you for coming.") % {"title": title}]
    if can_still_send:
        lines.append(
            _("If you have filled in its form and kept the page open, you can still send it for a short time.")
        )
    if seal_date:
        lines.append(
            _("Those who took part can see, correct, download or erase their answers with their code until %(day)s.")
            % {"day": seal_date}
        )
    else:
        lines.append(_("Its answers are sealed: nobody can find, change or erase single ones any more."))
    return Message(_("This survey is closed"), tuple(lines), links)


def other_language() -> Message:
    return Message(_("Not in this language yet"), (_("This survey can be answered in these languages:"),))


def other_language_with_answers() -> Message:
    return Message(
        _("Not in this language yet"),
        (
            _("Nothing was stored, and nothing is lost: your answers go with you."),
            _("This survey can be answered in these languages:"),
        ),
    )


def receipt_in_other_language() -> Message:
    return Message(_("Not in this language yet"), (_("Your answers can be shown in these languages:"),))


def ended(text: str) -> Message:
    return Message(_("The survey ends here"), (text,))


def stopped(receipt_page: str) -> Message:
    return Message(
        _("You have stopped"),
        (
            _("What you filled in but did not send was only in the page you have left. Nothing of it was stored."),
            _("To be sure that nobody goes back to it, close this browser window now."),
            _("If you have sent answers before, you can still correct or erase them with your code."),
        ),
        ((receipt_page, _("See, correct, download or erase answers that I have sent")),),
    )


def changed(receipt_page: str, can_send_anew: bool) -> Message:
    anew = _("Or they can be sent as a new answer with a code of its own; the earlier ones stay beside them.")
    return Message(
        _("You have sent other answers with this code before"),
        (
            _("A code belongs to one set of answers. The earlier ones are as they were; nothing new was stored."),
            _("These answers can take the place of the earlier ones, which cannot be brought back then."),
            *([anew] if can_send_anew else []),
        ),
        ((receipt_page, _("See, correct, download or erase the earlier answers")),),
    )


def unchanged() -> Message:
    return Message(
        _("Nothing was changed"),
        (
            _("The survey is only for people aged 18 or over who agree that their answers are stored."),
            _("The answers you sent earlier are still stored as they were. You can erase them now."),
        ),
    )


def no_code_to_correct() -> Message:
    return Message(
        _("Nothing was changed"),
        (
            _("A sign in the code is wrong or missing, so we do not know which answers to correct."),
            _("Here is what you wanted to send, so that it is not lost to you."),
        ),
    )


def nothing_to_correct() -> Message:
    return Message(
        _("Nothing was changed"),
        (
            _("We have no answers under this code in this survey, so there is nothing to correct."),
            _("Here is what you wanted to send, so that it is not lost to you."),
        ),
    )


def late_correction(can_send_again: bool) -> Message:
    sealed = _("The time for corrections is over: the answers of this wave are sealed, and nobody can find yours.")
    kept = _("Here is what you wanted to send, so that it is not lost to you.")
    return Message(_("Nothing was changed"), (sealed, kept, *_again(can_send_again)))


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


def late(results_page: str, can_send_again: bool) -> Message:
    closed = _(
        "The time for these answers is over, and nothing was stored. Here they are, so that they are not lost to you."
    )
    links = ((results_page, _("What has been found so far")),)
    return Message(_("This wave of the survey has ended"), (closed, *_again(can_send_again)), links)


def _again(can_send_again: bool) -> tuple[str, ...]:
    again = _("A new wave has begun, with a seal date of its own. You can send your answers there.")
    return (again,) if can_send_again else ()


def unknown_code() -> str:
    return _(
        "We have no answers under this code. Either they were erased, or the seal date has passed: "
        "then nobody can find them any more."
    )


def mistyped_code() -> str:
    return _("A sign in this code is wrong or missing. Please compare it with what you wrote down.")
