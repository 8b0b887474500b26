data "tidio_operators" "agents" {
  role   = "chat_agent"
  active = true
}

output "agent_names" {
  value = data.tidio_operators.agents.operators[*].name
}
