using PortMgmt.Platform;
using PortMgmt.Platform.Windows;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Platform.Windows;

/// <summary>What netsh says, and how often it is asked; looked at on every system.</summary>
public sealed class WindowsPortRulesTests : IDisposable
{
    private const string Dynamic = "\r\nProtokoll tcp Dynamischer Portbereich\r\n---------------------\r\nStartport      : 49152\r\nAnzahl von Ports : 16384\r\n\r\n";
    private const string Excluded = """

        Protocol tcp Port Exclusion Ranges

        Start Port    End Port
        ----------    --------
              5357        5357
             50000       50059     *

        * - Administered port exclusions.
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _asked = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_AnswersInAnyLanguage_GiveTheRanges()
    {
        SystemPortRules rules = Rules("boot1").Read();
        Assert.Equal(new PortRange(49152, 65535), rules.Ephemeral);
        Assert.True(rules.Excluded.Contains(5357));
        Assert.True(rules.Excluded.Contains(50059));
        Assert.False(rules.Excluded.Contains(50060));
    }

    [Fact]
    public void Read_AgainInThisBoot_AsksNobody()
    {
        SystemPortRules first = Rules("boot1").Read();
        _asked.Clear();

        SystemPortRules second = Rules("boot1").Read();

        Assert.Empty(_asked);
        Assert.Equal(first.Ephemeral, second.Ephemeral);
        Assert.True(second.Excluded.Contains(50000));
    }

    [Fact]
    public void Read_InAnotherBoot_AsksAgain()
    {
        Rules("boot1").Read();
        _asked.Clear();
        Rules("boot2").Read();
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public void Read_NoAnswer_GivesTheDefaultsAsksOnceAndKeepsNothing()
    {
        SystemPortRules rules = new WindowsPortRules(_directory["cache"], "boot1", Silent).Read();

        Assert.Equal(new PortRange(49152, 65535), rules.Ephemeral);
        Assert.False(rules.Excluded.Contains(50000));
        Assert.Single(_asked);
        Assert.False(File.Exists(_directory["cache"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("boot1")]
    public void Read_DamagedFile_IsNotBelieved(string content)
    {
        File.WriteAllText(_directory["cache"], content);
        Assert.True(Rules("boot1").Read().Excluded.Contains(5357));
    }

    [Fact]
    public void Read_NowhereToKeepThem_AsksEachTime()
    {
        Assert.True(new WindowsPortRules(null, "boot1", Ask).Read().Excluded.Contains(5357));
        Assert.Equal(3, _asked.Count);
    }

    [Theory]
    [InlineData("a : 0\nb : 10\n")]
    [InlineData("a : 65535\nb : 2\n")]
    [InlineData("a : 99999\nb : 1\n")]
    [InlineData("no numbers")]
    public void ParseDynamic_NoRange_IsTheDefault(string text) => Assert.Equal(new PortRange(49152, 65535), WindowsPortRanges.ParseDynamic(text));

    [Theory]
    [InlineData("50010 50000")]
    [InlineData("0 10")]
    [InlineData("1 2 3")]
    [InlineData("60000 99999")]
    public void ParseExcluded_NoRange_IsLeftOut(string text) => Assert.Equal(0, Enumerable.Range(1, 65535).Count(WindowsPortRanges.ParseExcluded(text).Contains));

    private WindowsPortRules Rules(string boot) => new(_directory["cache"], boot, Ask);

    private string? Silent(string arguments)
    {
        _asked.Add(arguments);
        return null;
    }

    private string? Ask(string arguments)
    {
        _asked.Add(arguments);
        return arguments.Contains("dynamicport", StringComparison.Ordinal) ? Dynamic : Excluded;
    }
}
