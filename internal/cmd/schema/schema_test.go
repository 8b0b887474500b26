package main

import (
	"encoding/json"
	"slices"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// What is printed is what an engine would print: it can be read back, and has every kind of block.
func TestRead_allKinds(t *testing.T) {
	made, err := read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var back tfjson.ProviderSchemas
	if err := json.Unmarshal(encoded, &back); err != nil {
		t.Fatal(err)
	}
	all := back.Schemas[providerName]
	counts := []int{
		len(all.ResourceSchemas), len(all.ResourceIdentitySchemas), len(all.DataSourceSchemas), len(all.EphemeralResourceSchemas),
		len(all.ListResourceSchemas), len(all.ActionSchemas), len(all.ConfigSchema.Block.Attributes),
	}
	if slices.Contains(counts, 0) {
		t.Errorf("of one kind there is nothing: %v", counts)
	}
	messages := all.DataSourceSchemas["tidio_messages"].Block.Attributes["messages"]
	content := messages.AttributeNestedType.Attributes["content"]
	if !messages.Sensitive || messages.AttributeNestedType.NestingMode != tfjson.SchemaNestingModeList || !content.Computed {
		t.Errorf("messages are %+v", messages)
	}
	tags := all.ActionSchemas["tidio_update_ticket"].Block.Attributes["tag_ids"]
	if got := tags.AttributeType.FriendlyName(); got != "set of number" || !tags.Optional {
		t.Errorf("tag_ids is a %s: %+v", got, tags)
	}
	id := all.ResourceIdentitySchemas["tidio_contact"].Attributes["id"]
	if !id.RequiredForImport || id.IdentityType.FriendlyName() != "string" {
		t.Errorf("the identity is %+v", id)
	}
	if kind := all.ResourceSchemas["tidio_contact"].Block.DescriptionKind; kind != tfjson.SchemaDescriptionKindMarkdown {
		t.Errorf("the description is %s", kind)
	}
}
