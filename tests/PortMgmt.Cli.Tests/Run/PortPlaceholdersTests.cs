using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Tests.Run;

public sealed class PortPlaceholdersTests
{
    private static readonly int[] Ports = [8001, 8002, 8003];

    [Theory]
    [InlineData("", "")]
    [InlineData("--port={port}", "--port=8001")]
    [InlineData("{port}", "8001")]
    [InlineData("{port:1},{port:3}", "8001,8003")]
    [InlineData("http://h:{port}/{port:2}/x", "http://h:8001/8002/x")]
    [InlineData("{{port}", "{port}")]
    [InlineData("{{port:2}", "{port:2}")]
    [InlineData("{{port}{port}", "{port}8001")]
    [InlineData("{port}{port}", "80018001")]
    [InlineData("{PORT} {ports} {port {port:} {port:x} {port:-1} {port:+1}", "{PORT} {ports} {port {port:} {port:x} {port:-1} {port:+1}")]
    [InlineData("{{.Names}} {} {{ }} ${PORT}", "{{.Names}} {} {{ }} ${PORT}")]
    [InlineData("{port", "{port")]
    public void Replace_Placeholders_BecomePortsAndAllElseStays(string argument, string expected) =>
        Assert.Equal(expected, PortPlaceholders.Replace(argument, Ports));

    [Theory]
    [InlineData("{port:0}")]
    [InlineData("{port:4}")]
    public void Replace_PortThatIsNotLeased_Refuses(string argument)
    {
        UsageException failure = Assert.Throws<UsageException>(() => PortPlaceholders.Replace(argument, Ports));
        Assert.Contains(argument, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replace_WithOnePortLeased_TheWayOutIsThatOne()
    {
        UsageException failure = Assert.Throws<UsageException>(() => PortPlaceholders.Replace("{port:2}", [8001]));
        Assert.EndsWith("Give --count or more names, or use {port}.", failure.Message, StringComparison.Ordinal);
    }
}
