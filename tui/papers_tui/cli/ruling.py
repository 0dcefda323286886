"""`papers-tui rule`: what is done to papers by themselves, in `rules.toml` and `config.toml`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from papers_tui import rulebook
from papers_tui.cli import streams
from papers_tui.cli.commands import Act
from papers_tui.cli.reading import opened, papers
from papers_tui.config import load_config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.rules import Rule, Rules, query_of, rule_name
from papers_tui.domain.text import for_terminal
from papers_tui.paths import Paths, make

_EXAMPLE = """\
As in `papers-tui rule add "No surveys" title:survey --do dismiss`. A rule of that name is replaced. It may do
several things: --do tag:moe --do later. A query that begins with - comes after --."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what to call it")
    _when_argument(parser)
    parser.add_argument(
        "--do",
        action="append",
        required=True,
        metavar="DEED",
        help="dismiss, later, read or tag:NAME; may be given several times",
    )
    parser.epilog = _EXAMPLE


def _add(args: argparse.Namespace, paths: Paths) -> int:
    rule = Rule(_text(args.name), _when(args), tuple(map(_text, args.do)))
    before = rulebook.load(paths).kept
    make(paths)
    after = rulebook.edit(paths.rules_file, lambda rules: rulebook.added(rules, rule))
    (now,) = (one for one in after if one.name.casefold() == rule_name(rule.name).casefold())
    there = any(one.name.casefold() == now.name.casefold() for one in before)
    with opened(paths) as library:
        hits = papers(len(library.find(query_of(now))))
    streams.say(f"{'changed' if there else 'saved'}: {_described(now)}; it holds of {hits}")
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print them as JSON, one a line")
    parser.epilog = (
        "Number, name, query and what it does, with tabs between them; those of config.toml come first."
    )


def _list(args: argparse.Namespace, paths: Paths) -> int:
    book = rulebook.load(paths)
    _, by_hand = load_config(paths.config_file)
    for problem in (*by_hand, *book.problems):
        streams.say(problem)
    for line in _lines(book, as_json=args.json):
        streams.put_text(f"{line}\n")
    if not (book.rules or book.problems or by_hand):
        streams.say("there is no rule; `papers-tui rule add NAME QUERY --do dismiss` changes that")
    return 0


def _remove_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a rule's name, or the beginning of it")


def _remove(args: argparse.Namespace, paths: Paths) -> int:
    name = _text(args.name)
    book = rulebook.load(paths)
    if not any(_begins(rule, name) for rule in book.kept) and any(
        _begins(rule, name) for rule in book.by_hand
    ):
        raise PapersError(name, "this rule was written by hand", f"take it out of {paths.config_file}")
    make(paths)
    gone: list[Rule] = []

    def change(rules: Rules) -> Rules:
        gone.append(rulebook.named(rules, name))
        return rulebook.removed(rules, name)

    rulebook.edit(paths.rules_file, change)
    with opened(paths):
        streams.say(f"removed: {_described(gone[-1])}; what it did is taken back")
    return 0


def _try(args: argparse.Namespace, paths: Paths) -> int:
    query = query_of(Rule("", _when(args), ()))
    with opened(paths) as library:
        streams.put(f"{len(library.find(query))}\n")
    return 0


def _when_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("when", nargs="+", metavar="QUERY", help="of which papers it holds")


ACTS = (
    Act(
        "add",
        "dismiss, tag, mark read or put on Later what a query finds",
        _add_arguments,
        _add,
        queries=True,
    ),
    Act("list", "the rules that there are", _list_arguments, _list),
    Act("remove", "take a rule back, with all that it did", _remove_arguments, _remove),
    Act("try", "count the papers that a rule would hold of", _when_argument, _try, queries=True),
)


def _when(args: argparse.Namespace) -> str:
    return _text(" ".join(args.when))


def _text(argument: str) -> str:
    """An argument as text: bytes that are none reach us as lone surrogates, which no file takes."""
    return argument.encode("utf-8", "replace").decode("utf-8")


def _begins(rule: Rule, name: str) -> bool:
    wanted = rule_name(name).casefold()
    return bool(wanted) and rule.name.casefold().startswith(wanted)


def _lines(book: rulebook.Rulebook, *, as_json: bool) -> Iterator[str]:
    for number, rule in enumerate(book.rules, 1):
        if as_json:
            by_hand = number <= len(book.by_hand)
            record = {
                "number": number,
                "name": rule.name,
                "when": rule.when,
                "do": rule.do,
                "by_hand": by_hand,
            }
            yield json.dumps(record, ensure_ascii=False)
        else:
            columns = (f"{number}", rule.name, rule.when, ", ".join(rule.do))
            yield "\t".join(for_terminal(column).replace("\t", " ") for column in columns)


def _described(rule: Rule) -> str:
    return f"{rule.name} ({for_terminal(rule.when)}: {', '.join(rule.do)})"
