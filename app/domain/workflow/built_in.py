"""The workflows that are shipped; their words are in voice_prompts/workflow.toml.

A desk names one (`workflow = "support_web"`) or writes its own table in desk.toml.
"""

from collections.abc import Mapping
from typing import Final

from app.domain.workflow.status import Status
from app.domain.workflow.workflow import (
    Mover,
    Requirement,
    State,
    StateMove,
    WaitsFor,
    Workflow,
)

CUSTOMER: Final = frozenset({Mover.CUSTOMER})
APPROVER: Final = frozenset({Mover.APPROVER})
AGENT: Final = frozenset({Mover.AGENT})
SYSTEM: Final = frozenset({Mover.SYSTEM})
COMMENT: Final = (Requirement.COMMENT,)
REASON: Final = (Requirement.REASON,)

SIMPLE: Final = Workflow(
    "simple",
    (
        State("open", Status.OPEN, WaitsFor.DESK),
        State("in_progress", Status.IN_PROGRESS, WaitsFor.DESK),
        State("waiting_for_customer", Status.WAITING, WaitsFor.CUSTOMER, clock_runs=False),
        State("on_hold", Status.WAITING, WaitsFor.OTHERS),
        State("solved", Status.SOLVED, WaitsFor.CUSTOMER, clock_runs=False),
        State("closed", Status.CLOSED, WaitsFor.NOBODY, clock_runs=False),
    ),
    (
        StateMove("start", ("open", "on_hold", "waiting_for_customer"), "in_progress", AGENT),
        StateMove(
            "ask", ("open", "in_progress", "on_hold"), "waiting_for_customer", AGENT, COMMENT
        ),
        StateMove(
            "answer", ("waiting_for_customer",), "in_progress", CUSTOMER, COMMENT, on_comment=True
        ),
        StateMove("hold", ("open", "in_progress"), "on_hold", AGENT, REASON),
        StateMove(
            "solve",
            ("open", "in_progress", "waiting_for_customer", "on_hold"),
            "solved",
            AGENT,
            COMMENT,
        ),
        StateMove("reopen", ("solved",), "in_progress", CUSTOMER | AGENT, COMMENT, on_comment=True),
        StateMove("confirm", ("solved",), "closed", CUSTOMER),
        StateMove(
            "close",
            ("open", "in_progress", "waiting_for_customer", "on_hold", "solved"),
            "closed",
            AGENT,
        ),
    ),
)

# By a guide to a support web (A23 to A32). Its states were pictures and are lost: the names
# are ours. Whoever accepts a proposed solution has approved it, so it is closed at once. Its
# "Inaktiver" says the opposite of what it does, and follows the workflow that the web came from:
# no reply, then inactive, then closed. A frozen case is the customer's own pause.
SUPPORT_WEB: Final = Workflow(
    "support_web",
    (
        State("open", Status.OPEN, WaitsFor.DESK),
        State("investigating", Status.IN_PROGRESS, WaitsFor.DESK),
        State("solution_in_progress", Status.IN_PROGRESS, WaitsFor.DESK),
        State(
            "solution_proposed",
            Status.WAITING,
            WaitsFor.CUSTOMER,
            clock_runs=False,
            remind_after=(3, 6),
        ),
        State(
            "waiting_for_customer",
            Status.WAITING,
            WaitsFor.CUSTOMER,
            clock_runs=False,
            remind_after=(3, 6),
        ),
        State("on_hold", Status.WAITING, WaitsFor.OTHERS),
        State("frozen", Status.WAITING, WaitsFor.CUSTOMER, clock_runs=False, remind_after=(15, 30)),
        State("inactive", Status.WAITING, WaitsFor.CUSTOMER, clock_runs=False),
        State("solved", Status.SOLVED, WaitsFor.CUSTOMER, clock_runs=False, remind_after=(3, 6)),
        State("reopened", Status.OPEN, WaitsFor.DESK),
        State("closed", Status.CLOSED, WaitsFor.NOBODY, clock_runs=False),
    ),
    (
        StateMove("investigate", ("open", "reopened", "on_hold"), "investigating", AGENT),
        StateMove(
            "work",
            ("open", "reopened", "investigating", "on_hold"),
            "solution_in_progress",
            AGENT,
        ),
        StateMove(
            "propose",
            ("open", "reopened", "investigating", "solution_in_progress", "on_hold"),
            "solution_proposed",
            AGENT,
            COMMENT,
        ),
        StateMove("accept", ("solution_proposed",), "closed", CUSTOMER),
        StateMove("decline", ("solution_proposed",), "reopened", CUSTOMER, COMMENT),
        StateMove(
            "ask",
            ("open", "reopened", "investigating", "solution_in_progress", "on_hold"),
            "waiting_for_customer",
            AGENT,
            COMMENT,
        ),
        StateMove("answer", ("waiting_for_customer",), "open", CUSTOMER, COMMENT, on_comment=True),
        StateMove(
            "hold",
            ("open", "reopened", "investigating", "solution_in_progress"),
            "on_hold",
            AGENT,
            REASON,
        ),
        StateMove(
            "solve",
            (
                "open",
                "reopened",
                "investigating",
                "solution_in_progress",
                "solution_proposed",
                "waiting_for_customer",
                "on_hold",
                "inactive",
            ),
            "solved",
            AGENT,
            COMMENT,
        ),
        StateMove("confirm", ("solved",), "closed", CUSTOMER),
        StateMove("reopen", ("solved",), "reopened", CUSTOMER | AGENT, COMMENT),
        StateMove(
            "freeze",
            (
                "open",
                "reopened",
                "investigating",
                "solution_in_progress",
                "solution_proposed",
                "waiting_for_customer",
                "on_hold",
            ),
            "frozen",
            CUSTOMER,
        ),
        StateMove("unfreeze", ("frozen",), "open", CUSTOMER),
        StateMove("activate", ("inactive",), "open", CUSTOMER | AGENT, on_comment=True),
        StateMove(
            "inactivate",
            ("waiting_for_customer", "solution_proposed"),
            "inactive",
            SYSTEM,
            after_working_days=10,
        ),
        StateMove("close_inactive", ("inactive",), "closed", SYSTEM, after_working_days=10),
        StateMove("close_solved", ("solved",), "closed", SYSTEM, after_working_days=10),
        StateMove("close_frozen", ("frozen",), "closed", SYSTEM, after_working_days=60),
        StateMove(
            "close",
            (
                "open",
                "reopened",
                "investigating",
                "solution_in_progress",
                "solution_proposed",
                "waiting_for_customer",
                "on_hold",
                "frozen",
                "inactive",
                "solved",
            ),
            "closed",
            AGENT,
        ),
    ),
)

# An agency's way (E1 to E4): assessed first, made in a test environment, tested by the customer,
# approved, and only then published.
AGENCY: Final = Workflow(
    "agency",
    (
        State("assessment", Status.OPEN, WaitsFor.DESK),
        State(
            "waiting_for_customer",
            Status.WAITING,
            WaitsFor.CUSTOMER,
            clock_runs=False,
            remind_after=(3, 6),
        ),
        State("in_test_environment", Status.IN_PROGRESS, WaitsFor.DESK),
        State(
            "customer_test",
            Status.WAITING,
            WaitsFor.CUSTOMER,
            clock_runs=False,
            remind_after=(3, 6),
        ),
        State("approved", Status.IN_PROGRESS, WaitsFor.DESK),
        State("published", Status.SOLVED, WaitsFor.CUSTOMER, clock_runs=False),
        State("closed", Status.CLOSED, WaitsFor.NOBODY, clock_runs=False),
    ),
    (
        StateMove("ask", ("assessment",), "waiting_for_customer", AGENT, COMMENT),
        StateMove(
            "answer", ("waiting_for_customer",), "assessment", CUSTOMER, COMMENT, on_comment=True
        ),
        StateMove("build", ("assessment",), "in_test_environment", AGENT),
        StateMove("assess_again", ("in_test_environment", "approved"), "assessment", AGENT, REASON),
        StateMove("offer_test", ("in_test_environment",), "customer_test", AGENT, COMMENT),
        StateMove("reject", ("customer_test",), "in_test_environment", CUSTOMER, COMMENT),
        StateMove("approve", ("customer_test",), "approved", APPROVER),
        StateMove("publish", ("approved",), "published", AGENT, COMMENT),
        StateMove("confirm", ("published",), "closed", CUSTOMER),
        StateMove("reopen", ("published",), "assessment", CUSTOMER | AGENT, COMMENT),
        StateMove("close_published", ("published",), "closed", SYSTEM, after_working_days=10),
        StateMove(
            "close",
            (
                "assessment",
                "waiting_for_customer",
                "in_test_environment",
                "customer_test",
                "approved",
                "published",
            ),
            "closed",
            AGENT,
        ),
    ),
)

BUILT_IN: Final[Mapping[str, Workflow]] = {each.id: each for each in (SIMPLE, SUPPORT_WEB, AGENCY)}
