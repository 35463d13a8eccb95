using PortMgmt.Heads;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Heads;

public sealed class PortEnvironmentTests
{
    /// <summary>The table that holds for both heads: tests of the command line and of the module read it too.</summary>
    public static TheoryData<string, int, string> Rows =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "tables", "port-variables.csv")).Skip(1).Select(line => line.Split(';')).Select(row => (row[0], int.Parse(row[1], null), row[2]))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void GetVariables_AnyName_DerivesAllOthers(string name, int count, string variables)
    {
        Assert.Equal(variables.Length > 0, PortEnvironment.FindFault(name) is null);
        if (variables.Length > 0)
        {
            int[] ports = [.. Enumerable.Range(8001, count)];
            string expected = variables.Replace("#", "800", StringComparison.Ordinal);
            Assert.Equal(expected.Split(' '), PortEnvironment.GetVariables(name, ports).Select(variable => $"{variable.Key}={variable.Value}"));
        }
    }

    [Fact]
    public void DefaultName_IsOne() => Assert.Null(PortEnvironment.FindFault(PortEnvironment.DefaultName));

    [Fact]
    public void GetVariables_SeveralNames_HaveOneEachBesideThoseOfTheFirst()
    {
        IReadOnlyList<PortVariable> named = PortEnvironment.ForNames(["web", "my-api"]);
        PortEnvironment.Check("PORT", named);

        Assert.Equal(
            ["PORT=8001", "PORT_1=8001", "PORT_2=8002", "PORTS=8001,8002", "WEB_PORT=8001", "MY_API_PORT=8002"],
            PortEnvironment.GetVariables("PORT", named, [8001, 8002]).Select(variable => $"{variable.Key}={variable.Value}"));
    }

    [Fact]
    public void Check_OneVariableForOnePort_MayBeThereTwice()
    {
        IReadOnlyList<PortVariable> named = PortEnvironment.ForNames(["web", "api"]);
        PortEnvironment.Check("WEB_PORT", named);

        Assert.Equal(
            ["WEB_PORT", "WEB_PORT_1", "WEB_PORT_2", "WEB_PORTS", "API_PORT"],
            PortEnvironment.GetVariables("WEB_PORT", named, [8001, 8002]).Select(variable => variable.Key));
    }

    [Theory]
    [InlineData("PORT", "my-api", "my_api")]
    [InlineData("PORT", "@acme/web", "acme.web")]
    [InlineData("API_PORT", "web", "api")]
    [InlineData("api_port", "web", "api")]
    public void Check_OneVariableForTwoPorts_IsRefused(string variable, string one, string other)
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => PortEnvironment.Check(variable, PortEnvironment.ForNames([one, other])));

        Assert.Equal(PortRegistryErrorCode.InvalidRequest, refusal.Code);
    }

    [Theory]
    [InlineData("ld")]
    [InlineData("ps-one")]
    [InlineData("...")]
    public void ForNames_NameWithoutVariable_IsRefused(string name) =>
        Assert.StartsWith($"'{name}' cannot have an environment variable", Assert.Throws<PortRegistryException>(() => PortEnvironment.ForNames(["web", name])).Message, StringComparison.Ordinal);

    [Fact]
    public void ForNames_OneName_HasNoneOfItsOwn() => Assert.Empty(PortEnvironment.ForNames(["ld"]));
}
