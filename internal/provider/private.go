package provider

import "encoding/json"

// privateID is the key under which the private state of every property has its id. The second half of
// a replacement is planned without a state, but with the private state: see ModifyPlan.
const privateID = "id"

// idToPrivate and idFromPrivate convert the value of privateID: JSON, as the engine requires.
func idToPrivate(id string) []byte {
	encoded, _ := json.Marshal(id) // a string always can be encoded
	return encoded
}

func idFromPrivate(raw []byte) (id string) {
	_ = json.Unmarshal(raw, &id) // empty before the property is managed
	return id
}
