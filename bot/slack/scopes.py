"""What Bellwether may do in a workspace, and what each right is for: as little as will do.

The manifest asks for exactly these, the README explains each, and a test holds both to this file
and this file to the methods that the code calls.
"""

# Scope of the bot token → why.
BOT_SCOPES = {
    "chat:write": "send messages to staff, and edit its own",
    "commands": "answer `/bellwether`",
    "im:history": "look in its own conversations whether a message arrived before sending it again",
    "im:write": "find its own conversation with a person, for the same look",
    "usergroups:read": "take user groups for teams or roles, where you ask for that",
    "users:read": "know who works here, their time zone and language, and who left",
    "users:read.email": "join Slack's people with those of the staff file",
}
# What it does without → why it is better with it.
OPTIONAL_SCOPES = {
    "dnd:read": "let messages wait that answer nobody, while their reader has do-not-disturb on",
}
# Scope of the app token → why.
APP_SCOPES = {
    "connections:write": "receive what staff press over a connection that Bellwether opens itself",
}
# Every method of the Web API that the code calls → the scope it needs; some need none.
METHODS = {
    "apps.connections.open": "connections:write",
    "auth.test": "",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.open": "im:write",
    "dnd.teamInfo": "dnd:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.list": "users:read",
    "views.open": "",
    "views.publish": "",
}
# What Slack tells us by itself → the scope it needs.
EVENTS = {
    "app_home_opened": "",
    "team_join": "users:read",
    "user_change": "users:read",
}
