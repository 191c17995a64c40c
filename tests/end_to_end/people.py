"""The numbers of the shipped desks and the moments at which the stories happen."""

from __future__ import annotations

from datetime import UTC, datetime

# Brukarstøtte: in week 47 of 2026 Vakt 1 has the duty, Vakt 2 is the backup.
SUPPORT, DUTY = "+4720000200", "+4720000210"
VAKT_1, VAKT_1_HOME, VAKT_2 = "+4749002701", "+4720002701", "+4749002702"
IT_MANAGER = "+4749002790"  # the last resort
FIRST_LINE_1, FIRST_LINE_2 = "+4749002501", "+4749002502"
NURSING_HOME, SCHOOL = "+4749002001", "+4749002004"

# Kundeservice: the first line is rung all at once.
KUNDESERVICE = "+4720000400"
KUNDESERVICE_1, KUNDESERVICE_2 = "+4749004501", "+4749004502"
CARE_HOME = "+4749004001"

# Prokom asks for a customer number.
PROKOM = "+4720000100"

SATURDAY_NIGHT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)  # 23:10 in Oslo
WEDNESDAY_MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # 10:00 in Oslo
WEDNESDAY_NIGHT = datetime(2026, 11, 18, 22, 0, tzinfo=UTC)
