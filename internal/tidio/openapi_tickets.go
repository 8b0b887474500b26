package tidio

// The writes of tickets in the wire format of the published API.

func ticketWritesOpenAPI() ticketWrites {
	return ticketWrites{
		create:       "tickets/as-contact",
		replies:      "reply",
		encodeNew:    encodeNewTicketOpenAPI,
		encodeChange: encodeTicketChangeOpenAPI,
		encodeReply:  encodeTicketReplyOpenAPI,
	}
}

func encodeNewTicketOpenAPI(in NewTicket) any {
	return struct {
		ContactEmail string  `json:"contact_email"`
		Subject      string  `json:"subject"`
		Message      string  `json:"message_content"`
		DepartmentID string  `json:"assigned_department_id,omitempty"`
		TagIDs       []int64 `json:"tag_ids,omitempty"`
	}{in.ContactEmail, in.Subject, in.Message, in.DepartmentID, in.TagIDs}
}

// encodeTicketChangeOpenAPI leaves out what is to be left alone: a null would clear it.
func encodeTicketChangeOpenAPI(in TicketChange) any {
	body := map[string]any{}
	if in.Status != nil {
		body["status"] = *in.Status
	}
	if in.Priority != nil {
		body["priority"] = *in.Priority
	}
	assign := func(to string, id *string) {
		if id != nil {
			body["assigned"] = map[string]string{"type": to, "id": *id}
		}
	}
	assign("operator", in.OperatorID)
	assign("department", in.DepartmentID)
	if in.TagIDs != nil {
		body["tag_ids"] = in.TagIDs
	}
	return body
}

// encodeTicketReplyOpenAPI speaks as an operator: the API would let it speak as the contact, too.
func encodeTicketReplyOpenAPI(in TicketReply) any {
	return struct {
		AuthorType string `json:"author_type"`
		OperatorID string `json:"operator_id"`
		Type       string `json:"message_type"`
		Content    string `json:"content"`
	}{"operator", in.OperatorID, in.Type, in.Content}
}
