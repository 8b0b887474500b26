package acctest

import (
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// Open opens the ephemeral blocks of a configuration, and returns their attributes as JSON has them, by address.
func (c *Core) Open(config string, opts ...Option) map[string]map[string]any {
	c.t.Helper()
	opened := map[string]map[string]any{}
	c.command(config, opts, func(r *run) {
		if !r.configure() {
			return
		}
		for _, block := range r.blocks {
			address := "ephemeral." + strings.Join(block.Labels, ".")
			schema := r.schemas.EphemeralResourceSchemas[block.Labels[0]]
			config, ok := r.evaluate(address, block.Body, schema, nil)
			if !ok {
				continue
			}
			validated := must(r.server.ValidateEphemeralResourceConfig(r.ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{
				TypeName: block.Labels[0], Config: pack(config),
			}))
			if !r.report(address, validated.Diagnostics) {
				continue
			}
			resp := must(r.server.OpenEphemeralResource(r.ctx, &tfprotov6.OpenEphemeralResourceRequest{
				TypeName: block.Labels[0], Config: pack(config),
			}))
			if r.report(address, resp.Diagnostics) {
				result := unpack(resp.Result, typeOf(schema))
				attributes := map[string]any{}
				if err := json.Unmarshal(must(ctyjson.Marshal(result, result.Type())), &attributes); err != nil {
					panic(err)
				}
				opened[address] = attributes
			}
		}
	})
	return opened
}
