package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

// identityByID is the identity of an object: its id alone. A name in it would block renames.
func identityByID(noun string) identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				Description:       "Id of the " + noun + " in Tidio.",
				RequiredForImport: true,
			},
		},
	}
}
