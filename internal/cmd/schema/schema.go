package main

import (
	"context"
	"encoding/json"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
)

// providerName is the name under which tfplugindocs looks for the schemas; it does not find a full address.
const providerName = "tidio"

// read asks the provider for its schemas.
func read(ctx context.Context) (*tfjson.ProviderSchemas, error) {
	server := providerserver.NewProtocol6(provider.New("schema")())()
	all, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	actions := convert(all.ActionSchemas, func(a *tfprotov6.ActionSchema) *tfjson.ActionSchema {
		return &tfjson.ActionSchema{Block: schemaOf(a.Schema).Block}
	})
	return &tfjson.ProviderSchemas{FormatVersion: "1.0", Schemas: map[string]*tfjson.ProviderSchema{providerName: {
		ConfigSchema:             schemaOf(all.Provider),
		ResourceSchemas:          convert(all.ResourceSchemas, schemaOf),
		ResourceIdentitySchemas:  convert(identities.IdentitySchemas, identityOf),
		DataSourceSchemas:        convert(all.DataSourceSchemas, schemaOf),
		EphemeralResourceSchemas: convert(all.EphemeralResourceSchemas, schemaOf),
		ListResourceSchemas:      convert(all.ListResourceSchemas, schemaOf),
		ActionSchemas:            actions,
	}}}, nil
}

func convert[From, To any](from map[string]From, one func(From) To) map[string]To {
	converted := make(map[string]To, len(from))
	for name, item := range from {
		converted[name] = one(item)
	}
	return converted
}

// schemaOf converts a schema. The provider has no nested blocks.
func schemaOf(s *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: uint64(s.Version), Block: &tfjson.SchemaBlock{
		Attributes:      attributesOf(s.Block.Attributes),
		Description:     s.Block.Description,
		DescriptionKind: kindOf(s.Block.DescriptionKind),
	}}
}

func attributesOf(from []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	attributes := make(map[string]*tfjson.SchemaAttribute, len(from))
	for _, a := range from {
		made := &tfjson.SchemaAttribute{
			AttributeType:   typeOf(a.Type),
			Description:     a.Description,
			DescriptionKind: kindOf(a.DescriptionKind),
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
		}
		if nested := a.NestedType; nested != nil {
			made.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes:  attributesOf(nested.Attributes),
				NestingMode: tfjson.SchemaNestingMode(strings.ToLower(nested.Nesting.String())),
			}
		}
		attributes[a.Name] = made
	}
	return attributes
}

func identityOf(s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	identity := &tfjson.IdentitySchema{Version: uint64(s.Version), Attributes: map[string]*tfjson.IdentityAttribute{}}
	for _, a := range s.IdentityAttributes {
		identity.Attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType: typeOf(a.Type), Description: a.Description, RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return identity
}

func kindOf(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	return tfjson.SchemaDescriptionKind(strings.ToLower(k.String()))
}

// typeOf converts a type: both libraries write it in JSON in the same way.
func typeOf(t tftypes.Type) cty.Type {
	if t == nil { // of nested attributes
		return cty.NilType
	}
	encoded, err := json.Marshal(t)
	if err != nil {
		panic(err)
	}
	converted, err := ctyjson.UnmarshalType(encoded)
	if err != nil {
		panic(err)
	}
	return converted
}
