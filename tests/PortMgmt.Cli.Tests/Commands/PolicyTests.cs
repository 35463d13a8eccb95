using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class PolicyTests : CommandLineFixture
{
    [Fact]
    public void Policy_Unset_ShowsTheDefaults()
    {
        CliResult result = Run("policy", "--json").Expect(0);
        Assert.Equal(["defaultRange", "exclude", "reservations", "maxTimeToLive"], result.Members);
        Assert.Equal("10000-29999", result.Json[0].GetProperty("defaultRange").GetString());
        Assert.Contains("10000-29999", Run("policy").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PolicySet_OneOption_ChangesThatAndKeepsTheRest()
    {
        Run("policy", "set", "--range", "20000-20100", "--exclude", "20001,20010-20020", "--max-ttl", "1d", "--reserve", "web=20005", "--reserve", "db=20006").Expect(0);
        JsonElement policy = Run("policy", "set", "--unreserve", "WEB", "--max-ttl", "none", "--json").Expect(0).Json[0];
        Assert.Equal("20000-20100", policy.GetProperty("defaultRange").GetString());
        Assert.Equal(["20001", "20010-20020"], policy.GetProperty("exclude").EnumerateArray().Select(range => range.GetString()!));
        Assert.Equal(20006, Assert.Single(policy.GetProperty("reservations").EnumerateObject()).Value.GetInt32());
        Assert.Equal(JsonValueKind.Null, policy.GetProperty("maxTimeToLive").ValueKind);
        Assert.InRange(NewPort(), 20000, 20100);
        Assert.Empty(Run("policy", "set", "--exclude", "none", "--json").Expect(0).Json[0].GetProperty("exclude").EnumerateArray());
    }

    [Fact]
    public void PolicySet_Reservation_KeepsThePortForItsName()
    {
        Run("policy", "set", "--reserve", "web=20005").Expect(0);
        Run("lease", "new", "--port", "20005", "--name", "other").ExpectError(3);
        Assert.Equal(20005, NewPort("--name", "web"));
    }
}
