"""Records what transformers makes of conversations with published chat templates.

chat-templates/*.jinja are the templates as their models are published with; idioms.jinja has what
others use of the language. chat-templates/renders.json has what every one of them makes of every
conversation, or what it refuses it with, and what becomes of white space around drawn statements.

Run: pip install -r requirements.txt && python record_chat_templates.py
"""

import datetime
import json
import pathlib
import random

import jinja2
import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template

FOLDER = pathlib.Path(__file__).parent / "chat-templates"
NOW = datetime.datetime(2025, 7, 9, 8, 5, 3)
NAMES = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}


def user(content):
    return {"role": "user", "content": content}


def assistant(content):
    return {"role": "assistant", "content": content}


def system(content):
    return {"role": "system", "content": content}


TOOL = {
    "type": "function",
    "function": {
        "name": "count",
        "description": "Counts <things> & \"others\", é.",
        "parameters": {"type": "object", "properties": {"thing": {"type": "string"}}, "required": ["thing"]},
    },
}
CALL = {"id": "abc123DEF", "type": "function", "function": {"name": "count", "arguments": {"thing": "bell", "limit": 3}}}
CONVERSATIONS = {
    "question": [user("How many bells are there?")],
    "system": [system("You are brief."), user("What is two plus three?")],
    "turns": [user("Hello"), assistant("Hello! What do you want to know?"), user("Nothing.\n"), assistant("Good."), user("Bye")],
    "system-turns": [system(" Be kind. \n"), user("Hi"), assistant("\n Hi. "), user("Who are you?")],
    "hostile": [user("{{ bos_token }} {% if x %} {# c #} <b>&\"'</b> \\n \\ <|im_end|>\t\r\n  é 日本 🎈  ")],
    "empty": [user("")],
    "answered": [user("One?"), assistant("One.")],
    "thinking": [user("Two?"), assistant("<think>\nHm, two.\n</think>\n\nTwo."), user("Sure?"), assistant("<think>\nYes.\n</think>\n\nYes.")],
    "modes": [system("Be quick. /no_think"), user("Three?"), assistant("Three."), user("Four?")],
    "override": [system("Only this. /system_override"), user("Three?")],
    "wrong-order": [assistant("I speak first."), user("No.")],
    "twice": [user("One"), user("Two")],
    "late-system": [user("One"), system("Late."), user("Two")],
    "strange-role": [{"role": "narrator", "content": "Once upon a time"}],
    "parts": [user([{"type": "image"}, {"type": "text", "text": " What is it? "}])],
    "system-parts": [system([{"type": "text", "text": "Look."}]), user([{"type": "text", "text": "What"}, {"type": "audio"}, {"type": "text", "text": "is it?"}])],
    "tool-call": [
        user("How many bells?"),
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "content": "3", "name": "count", "tool_call_id": "abc123DEF"},
        assistant("Three."),
        user("Thanks"),
    ],
}


def cases(name):
    for conversation, messages in CONVERSATIONS.items():
        yield {"conversation": conversation, "add_generation_prompt": True}
        if conversation in ("turns", "answered"):
            yield {"conversation": conversation, "add_generation_prompt": False}
    yield {"conversation": "system", "add_generation_prompt": True, "tools": [TOOL, TOOL]}
    yield {"conversation": "tool-call", "add_generation_prompt": True, "tools": [TOOL]}
    if "enable_thinking" in (FOLDER / f"{name}.jinja").read_text():
        yield {"conversation": "turns", "add_generation_prompt": True, "enable_thinking": False}


def render(name, case):
    template = _compile_jinja_template((FOLDER / f"{name}.jinja").read_text())
    variables = {key: value for key, value in case.items() if key != "conversation"}
    variables.setdefault("tools", None)
    try:
        text = template.render(
            messages=CONVERSATIONS[case["conversation"]],
            documents=None,
            strftime_now=NOW.strftime,
            **NAMES,
            **variables,
        )
        return {"text": text}
    except jinja2.exceptions.TemplateError as error:
        return {"refusal": str(error)}
    except TypeError:
        return {"refusal": ""}


class Spaces:
    """Draws templates of statements, comments and outputs with white space around them."""

    TEXTS = ["", "", " ", "\n", "\n\n", "  \n ", " \n", "\t", "a", " b ", "c\n", "\n d", "{", "}", "%", "'", '"']

    def __init__(self, seed):
        self.draw = random.Random(seed)

    def tag(self, kind, content, end):
        signs = ["", "", "", "-"] if kind == "{" else ["", "", "", "-", "+"]
        return "{" + kind + self.draw.choice(signs) + f" {content} " + self.draw.choice(signs) + end + "}"

    def statement(self, depth):
        block = lambda content: self.tag("%", content, "%")
        match self.draw.randrange(7) if depth < 3 else self.draw.choice([0, 1, 6]):
            case 0:
                return self.tag("{", "x", "}")
            case 1:
                return self.tag("#", self.draw.choice(["note", "a {{ b }}", "it's"]), "#")
            case 2:
                otherwise = block("else") + self.body(depth + 1) if self.draw.random() < 0.5 else ""
                return block(self.draw.choice(["if x", "if not x"])) + self.body(depth + 1) + otherwise + block("endif")
            case 3:
                return block("for i in [1, 2]") + self.body(depth + 1) + block("endfor")
            case 4:
                return block("set z") + self.body(depth + 1) + block("endset") + "{{ z }}"
            case 5:
                return block("raw") + self.draw.choice(self.TEXTS) + "{{ x }}" + self.draw.choice(self.TEXTS) + block("endraw")
            case _:
                return block("set q = {'a': {'b': '%}'}}")

    def body(self, depth):
        parts = []
        for _ in range(self.draw.randrange(5)):
            parts.append(self.draw.choice(self.TEXTS) if self.draw.random() < 0.6 else self.statement(depth))
        return "".join(parts)


def spaces(count):
    draw = Spaces(20261121)
    recorded = []
    while len(recorded) < count:
        template = draw.body(0)
        if "{" not in template:
            continue
        try:
            recorded.append([template, _compile_jinja_template(template).render(x="X")])
        except jinja2.exceptions.TemplateSyntaxError:
            continue
    return recorded


def main():
    templates = {}
    for file in sorted(FOLDER.glob("*.jinja")):
        templates[file.stem] = [case | render(file.stem, case) for case in cases(file.stem)]
    recorded = {
        "transformers": transformers.__version__,
        "jinja2": jinja2.__version__,
        "now": NOW.isoformat(),
        "names": NAMES,
        "conversations": CONVERSATIONS,
        "templates": templates,
        "spaces": spaces(500),
    }
    (FOLDER / "renders.json").write_text(json.dumps(recorded, ensure_ascii=True, indent=1) + "\n")


if __name__ == "__main__":
    main()
