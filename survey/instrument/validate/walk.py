"""One pass over a form in its order: each question is shown or hidden by the answers before it, then read.

Why a variable has no answer, by precedence: -7 not shown (form, branch, filter), -6 sensitive part left out,
then -5 left blank and -8 prefer not to say. What is hidden is cleared, whatever was sent for it.
"""

from survey.instrument.logic import Answer
from survey.instrument.schema import LEFT_BLANK, NOT_SHOWN, PREFER_NOT_TO_SAY, SENSITIVE_LEFT_OUT, Code
from survey.instrument.score import Circumstances
from survey.instrument.validate.compiled import Choice, Compiled, Question
from survey.instrument.validate.outcome import ErrorCode, Facts, FieldError
from survey.instrument.validate.reading import Fields, Rejected, given, many_codes, one_code, one_text, ticked
from survey.instrument.variables import SENSITIVE_CONSENT, TEXT_USE, variables_of


class Walk:
    """The state of a pass. After `run`, all of it may be read; with an `end` it is incomplete on purpose."""

    def __init__(self, ready: Compiled, fields: Fields, facts: Facts) -> None:
        self.ready = ready
        self.fields = fields
        self.kept = ready.forms[facts.form] if facts.form else None
        self.about = Circumstances(facts.language, facts.unproven, facts.fast)
        self.answers: dict[str, Answer] = {f"event_{number}": state for number, state in facts.events.items()}
        """What expressions see: facts, one answer per item or row, derived variables, texts."""
        self.answers["lang"] = facts.language
        self.variables: dict[str, Code] = {}
        self.texts: dict[str, str] = {}
        self.errors: list[FieldError] = []
        self.end: str | None = None
        self.offered: dict[str, frozenset[Code]] = {}
        """Items that are asked, with the codes offered."""
        self.rows: set[str] = set()
        """Matrix rows that are asked."""
        self.given_by_rule: dict[str, Code] = {}
        """Items that are not asked because only one candidate is left."""

    def run(self) -> "Walk":
        for question in self.ready.questions:
            self._take(question)
            if self.end:
                return self
        for name, rule in self.ready.rules.items():
            self.answers[name] = rule(self.answers, self.about)
        for derived in self.ready.instrument.derived:
            self.variables[derived.name] = self._code(derived.name)
        return self

    @property
    def sensitive(self) -> bool:
        return self.answers.get(SENSITIVE_CONSENT) == 1

    @property
    def kept_texts(self) -> dict[str, str]:
        """Texts are kept only with a word that allows it."""
        use = self.variables.get(TEXT_USE, NOT_SHOWN)
        return {name: text for name, text in self.texts.items() if text} if isinstance(use, int) and use > 0 else {}

    def _code(self, name: str) -> Code:
        code = self.answers[name]
        assert not isinstance(code, frozenset)
        return code

    def _take(self, question: Question) -> None:
        offered = self._offered(question)
        hidden = self._why_hidden(question, offered)
        if hidden is not None:
            self._hide(question, hidden)
        elif question.item.only_candidate and len(offered) == 1:
            self._set(question, next(iter(offered)))
        else:
            self.offered[question.item.name] = offered
            self._read(question, offered)
        for name, code in question.derived:
            self.answers[name] = code(self.answers)

    def _offered(self, question: Question) -> frozenset[Code]:
        if question.always:
            return frozenset(choice.option.code for choice in question.choices)
        return frozenset(choice.option.code for choice in question.choices if self._why_filtered(choice) is None)

    def _why_filtered(self, choice: Choice) -> Code | None:
        if choice.relevant and not choice.relevant(self.answers):
            return NOT_SHOWN
        return SENSITIVE_LEFT_OUT if choice.option.sens and not self.sensitive else None

    def _why_hidden(self, question: Question, offered: frozenset[Code]) -> Code | None:
        if not self._is_in_form(question) or not all(holds(self.answers) for holds in question.relevant):
            return NOT_SHOWN
        if question.item.only_candidate and not offered:
            return NOT_SHOWN
        return SENSITIVE_LEFT_OUT if question.sens and not self.sensitive else None

    def _is_in_form(self, question: Question) -> bool:
        item = question.item
        return self.kept is None or item.name in self.kept or any(row.name in self.kept for row in item.rows)

    def _hide(self, question: Question, why: Code) -> None:
        item = question.item
        self.answers[item.name] = "" if item.kind == "T" else why
        if item.kind == "M":
            self._store_options(question, dict.fromkeys((choice.variable for choice in question.choices), why))
            return
        for variable in variables_of(item):
            self.answers[variable] = self.variables[variable] = why

    def _set(self, question: Question, code: Code) -> None:
        name = question.item.name
        self.answers[name] = self.variables[name] = self.given_by_rule[name] = code

    def _read(self, question: Question, offered: frozenset[Code]) -> None:
        match question.item.kind:
            case "M":
                self._read_many(question, offered)
            case "X":
                self._read_rows(question)
            case "T":
                self._read_text(question)
            case _:
                self._read_one(question, offered)

    def _read_one(self, question: Question, offered: frozenset[Code]) -> None:
        item = question.item
        code = self._one(item.name, question)
        if code not in offered and code != PREFER_NOT_TO_SAY:
            code = LEFT_BLANK
        if item.required and code == LEFT_BLANK and not self._is_rejected(item.name):
            self._reject(item.name, "required")
        if item.blank_as is not None and code in (LEFT_BLANK, PREFER_NOT_TO_SAY):
            code = item.blank_as
        self.answers[item.name] = self.variables[item.name] = code
        self.end = next((end for ending, end in item.ends if ending == code), None)

    def _read_rows(self, question: Question) -> None:
        item = question.item
        whole = self.kept is None or item.name in self.kept
        for row in item.rows:
            if whole or row.name in (self.kept or ()):
                self.rows.add(row.name)
                code = self._one(row.name, question)
            else:
                code = NOT_SHOWN
            self.answers[row.name] = self.variables[row.name] = code

    def _one(self, field: str, question: Question) -> Code:
        try:
            return one_code(given(self.fields, field), question.codes)
        except Rejected as rejected:
            self._reject(field, rejected.code)
            return LEFT_BLANK

    def _read_many(self, question: Question, offered: frozenset[Code]) -> None:
        name = question.item.name
        answer = self._ticked(question, offered)
        self.answers[name] = answer
        positions: dict[str, Code] = {
            choice.variable: int(choice.option.code in answer) if isinstance(answer, frozenset) else answer
            for choice in question.choices
        }
        self._store_options(question, positions)

    def _ticked(self, question: Question, offered: frozenset[Code]) -> frozenset[Code] | Code:
        name = question.item.name
        try:
            chosen = many_codes(given(self.fields, name), question.codes)
            return ticked(chosen & (offered | {PREFER_NOT_TO_SAY}), question.exclusive)
        except Rejected as rejected:
            self._reject(name, rejected.code)
            return LEFT_BLANK

    def _store_options(self, question: Question, positions: dict[str, Code]) -> None:
        """A filtered option stays -7 or -6 whatever became of its question; a question not shown is -7 in all."""
        for choice in question.choices:
            code = positions[choice.variable]
            filtered = None if question.always or code == NOT_SHOWN else self._why_filtered(choice)
            self.variables[choice.variable] = code if filtered is None else filtered

    def _read_text(self, question: Question) -> None:
        item = question.item
        try:
            text = one_text(given(self.fields, item.name), item.max_length)
        except Rejected as rejected:
            self._reject(item.name, rejected.code)
            text = ""
        if len(text) > item.max_length:
            self._reject(item.name, "too_long")
        self.answers[item.name] = self.texts[item.name] = text

    def _is_rejected(self, field: str) -> bool:
        return any(error.field == field for error in self.errors)

    def _reject(self, field: str, code: ErrorCode) -> None:
        self.errors.append(FieldError(field, code))
