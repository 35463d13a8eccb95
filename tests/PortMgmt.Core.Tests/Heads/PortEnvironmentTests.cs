using PortMgmt.Heads;
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
        Assert.Equal(variables.Length > 0, PortEnvironment.IsName(name));
        if (variables.Length > 0)
        {
            int[] ports = [.. Enumerable.Range(8001, count)];
            string expected = variables.Replace("#", "800", StringComparison.Ordinal);
            Assert.Equal(expected.Split(' '), PortEnvironment.GetVariables(name, ports).Select(variable => $"{variable.Key}={variable.Value}"));
        }
    }

    [Theory]
    [InlineData("1PORT")]
    [InlineData("A-B")]
    [InlineData("A=B")]
    [InlineData("PÖRT")]
    [InlineData("")]
    [InlineData("A\n")]
    [InlineData("A\0")]
    [InlineData(" A")]
    public void IsName_NoShellReads_IsFalse(string name) => Assert.False(PortEnvironment.IsName(name));

    [Fact]
    public void DefaultName_IsOne() => Assert.True(PortEnvironment.IsName(PortEnvironment.DefaultName));
}
