using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class LeaseChangeTests : CommandLineFixture
{
    [Fact]
    public void Remove_ByPortNameOrToken_EndsTheLease()
    {
        string port = $"{NewPort("--name", "a")}";
        Assert.Equal("", Run("lease", "remove", "--port", port).Expect(0).Output);
        NewPort("--name", "b", "--count", "1");
        Run("lease", "remove", "--name", "B").Expect(0);
        Run("lease", "remove", "--token", NewToken("c")).Expect(0);
        Assert.Empty(Leases());
    }

    [Fact]
    public void Remove_ByName_EndsEveryLeaseOfIt()
    {
        Run("lease", "new", "--name", "many", "--count", "3").Expect(0);
        CliResult removed = Run("lease", "remove", "--name", "many", "--json").Expect(0);
        Assert.Equal(3, removed.Json.Length);
        Assert.DoesNotContain("token", removed.Members);
        Assert.Empty(Leases());
    }

    [Fact]
    public void Remove_WhatIsNotThere_Fails()
    {
        Run("lease", "remove", "--port", "20000").ExpectError(3);
        Run("lease", "remove", "--name", "nobody").ExpectError(3);
        string token = NewToken("once");
        Run("lease", "remove", "--token", token).Expect(0);
        Run("lease", "remove", "--token", token).ExpectError(3);
    }

    [Fact]
    public void Remove_WithTheTokenOfAPredecessor_FailsAndKeepsTheSuccessor()
    {
        JsonElement first = Run("lease", "new", "--name", "x", "--json").Expect(0).Json[0];
        string token = first.GetProperty("token").GetString()!;
        Run("lease", "remove", "--token", token).Expect(0);
        Run("lease", "new", "--name", "x", "--port", $"{first.GetProperty("port").GetInt32()}").Expect(0);
        Run("lease", "remove", "--token", token).ExpectError(5);
        Run("lease", "renew", "--token", token, "--ttl", "1h").ExpectError(5);
        Assert.Single(Leases());
    }

    [Fact]
    public void Remove_WithSomethingThatIsNoToken_Fails() => Run("lease", "remove", "--token", "\u001b]0;x").ExpectError(2);

    [Fact]
    public void Renew_Lease_GivesANewTimeToLive()
    {
        JsonElement before = Run("lease", "new", "--name", "r", "--ttl", "1m", "--json").Expect(0).Json[0];
        JsonElement after = Assert.Single(Run("lease", "renew", "--name", "r", "--ttl", "2h", "--json").Expect(0).Json);
        TimeSpan longer = after.GetProperty("expiresAt").GetDateTimeOffset() - before.GetProperty("expiresAt").GetDateTimeOffset();
        Assert.InRange(longer.TotalMinutes, 118.9, 125);
        Assert.Equal(before.GetProperty("port").GetInt32(), after.GetProperty("port").GetInt32());
    }

    [Fact]
    public void Renew_WhatIsNotThere_Fails() => Run("lease", "renew", "--name", "nobody", "--ttl", "1m").ExpectError(3);

    private string NewToken(string name) => Run("lease", "new", "--name", name, "--json").Expect(0).Json[0].GetProperty("token").GetString()!;
}
