"""The row of the matrix: what is where, all of it."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.matrix import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.overview.matrix import get_matrix

GROUP = Group(PLATFORM, "Matrix")

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/matrix",
        "What is where: the deployments of projects (`?project=`) by environment, their version, phase, drift, and "
        "the run on its way; `page_size`, `page_from`.",
        AUTHENTICATED,
        Handling(words.read_matrix, get_matrix, words.show_matrix),
        schema=Schema(query=shapes.MatrixQuery, answer=shapes.MatrixShape),
    ),
)
