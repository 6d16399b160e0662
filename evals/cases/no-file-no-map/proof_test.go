// A flag can be switched on a server that has no flags file.
package main

import (
	"net/http/httptest"
	"testing"

	"acme.example/flags/server"
)

func TestSwitching(t *testing.T) {
	defer func() {
		if panicked := recover(); panicked != nil {
			t.Fatalf("DEFECT: %v", panicked)
		}
	}()
	s, err := server.New(t.TempDir() + "/none.json")
	if err != nil {
		t.Fatal(err)
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/flags?name=dark&on=true", nil))
	if !s.Enabled("dark") {
		t.Fatal("not switched on")
	}
}
