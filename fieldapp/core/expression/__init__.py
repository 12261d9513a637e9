"""Form logic: XLSForm expressions as text, as a small tree, and as a value.

Parsed here and nowhere else (`parse`); the server (`evaluate`) and the phone interpret the same
tree (`to_json`). Everything is pure: today and now come in through the Context. A function is a
row in the table of its family (functions.py); parser and evaluators stay as they are.
"""

from fieldapp.core.expression.checks import is_node_set
from fieldapp.core.expression.context import Context
from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.evaluate import choice_rows, evaluate, evaluate_nodes, is_true
from fieldapp.core.expression.functions import FUNCTIONS, OPERATORS
from fieldapp.core.expression.json_form import from_json, to_json
from fieldapp.core.expression.nodes import Data, Element, Shape, build, shape_of
from fieldapp.core.expression.parse import parse
from fieldapp.core.expression.reads import bare_names, references, tables
from fieldapp.core.expression.tree import (
    Call,
    Expression,
    Instance,
    Literal,
    Node,
    Path,
    Reference,
    Self,
    Start,
    Step,
)

__all__ = [
    "FUNCTIONS",
    "OPERATORS",
    "Call",
    "Context",
    "Data",
    "Element",
    "Expression",
    "ExpressionError",
    "Instance",
    "Literal",
    "Node",
    "Path",
    "Reference",
    "Self",
    "Shape",
    "Start",
    "Step",
    "bare_names",
    "build",
    "choice_rows",
    "evaluate",
    "evaluate_nodes",
    "from_json",
    "is_node_set",
    "is_true",
    "parse",
    "references",
    "shape_of",
    "tables",
    "to_json",
]
