"""The expression language of instruments: a subset of XLSForm, evaluated alike by the server and by the page.

**Written form**, loosest binding first:

    or    and    = != < <= > >= (never chained)    + -    unary -    brackets, literals, references, functions

    literals     3, -8 (whole numbers of up to nine digits), 'ja' or "ja" (no escapes), true(), false()
    references   ${name}: an answer, a fact of the wave (`${event_6}`), a derived variable or a named value
    functions    selected(${name}, code)   count-selected(${name})   not(x)   if(test, then, otherwise)
                 coalesce(x, y)

**Answers** come as a mapping from item or row name to a code, or to the set of ticked codes of a multiple choice.
An absent name, an empty text and the missing codes -5 to -8 all **read as blank, which is ''**. So
`${elig} = ''` holds for somebody who left `elig` blank, preferred not to say or was not asked, and `${elig} != 1`
holds for them too. A ticked set reads as its codes in text order joined by spaces ('' when empty); it is meant to be
tested with `selected` and `count-selected`, which look at the answer itself, missing codes included:

    selected(${role}, 4)     option 4 is ticked, or the single answer is 4
    selected(${elig}, -8)    "prefer not to say" was chosen; -5, -6 and -7 are tested in the same way
    count-selected(${role})  how many codes are ticked (1 for an answered single choice); missing codes do not count

**Values** are whole numbers, texts and booleans. Evaluation is total: no tree and no answers make it fail.

    =  !=           compare the written forms: 1 = '1' holds, 0 = '' does not; true counts as 1 and false as 0
    <  <=  >  >=    hold only between numbers (booleans as 1 and 0); with a blank or a text they are false
    +  -            need two numbers, else the result is blank
    and or not if   take false, 0 and '' as false and everything else as true; `and`, `or`, `not` give booleans
    coalesce(x, y)  is x unless x is blank, then y

**Named values** (`Instrument.values`) are expressions that others refer to by name. One may refer only to those
defined before it; a name that is neither a value nor an answer reads as blank.

**As JSON** a tree is a list `[operator, argument, ...]`: `["value", 3]`, `["ref", "elig"]`,
`["selected", "role", ["value", 4]]`, `["count-selected", "role"]`, `["and", x, y, z]` (two or more),
`["or", ...]`, `["=", x, y]` and the other comparisons, `["+", x, y]`, `["-", x, y]` (a unary minus is 0 minus x),
`["not", x]`, `["if", x, y, z]`, `["coalesce", x, y]`.
"""

from survey.instrument.logic.evaluate import Answer, Evaluator, Value, compile_node, evaluate
from survey.instrument.logic.parse import parse
from survey.instrument.logic.tree import LogicError, from_json, references, to_json
from survey.instrument.logic.write import written

__all__ = [
    "Answer",
    "Evaluator",
    "LogicError",
    "Value",
    "compile_node",
    "evaluate",
    "from_json",
    "parse",
    "references",
    "to_json",
    "written",
]
