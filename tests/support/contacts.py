"""The organisation with contacts who are told when something is wrong."""

from tests.support.sample_desk import DESK_TOML, folder

LEADER = "+4749009301"
LEADERS_MAIL, IT_MAIL = "teamleiar@fjordhjelp.example", "it-sjef@fjordhjelp.example"
ONE_CONTACT = f"""
[[contacts]]
role = "Teamleiar"
phone = "{LEADER}"
"""
CONTACTS = f"""
[[contacts]]
role = "Teamleiar"
phone = "{LEADER}"
email = "{LEADERS_MAIL}"

[[contacts]]
role = "Sentralbord"
phone = "+4720009302"

[[contacts]]
role = "IT-sjef"
email = "{IT_MAIL}"
"""
WITH_CONTACTS = folder(desk=DESK_TOML + CONTACTS)
