package main

import (
	"cmp"
	"slices"
	"strings"
)

// sdkLogLevel returns the value for TF_LOG_SDK: the level at which the engine shows what a provider logs,
// unless the user has set another one. By default the SDK writes every line, some fifteen for each call,
// and leaves it to the engine to throw them away. TF_LOG_SDK_PROTO and TF_LOG_SDK_FRAMEWORK override it.
func sdkLogLevel(getenv func(string) string) string {
	if level := getenv("TF_LOG_SDK"); level != "" {
		return level
	}
	level := strings.ToUpper(cmp.Or(getenv("TF_LOG_PROVIDER"), getenv("TF_LOG"), "OFF"))
	if !slices.Contains([]string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"}, level) {
		return "TRACE" // as both engines take JSON, and any other word
	}
	return level
}
