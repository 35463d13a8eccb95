using PortMgmt.Text;

namespace PortMgmt.Cli.Tests.Output;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("web:8080/a_b", "web:8080/a_b")]
    [InlineData("", "")]
    [InlineData("größe 漢字 😀", "größe 漢字 😀")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\nb\rc\td", "a\\u000ab\\u000dc\\u0009d")]
    [InlineData("\u0000\u007f\u0085\u009b2J", "\\u0000\\u007f\\u0085\\u009b2J")]
    [InlineData("abc\u202edef\u2066", "abc\\u202edef\\u2066")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    public void OfAnyTextShowsWhatATerminalWouldObey(string text, string expected) => Assert.Equal(expected, VisibleText.From(text));

    [Fact]
    public void OfBrokenSurrogateKeepsTheRest()
    {
        string visible = VisibleText.From("a\ud800\u001bb");
        Assert.StartsWith("a", visible, StringComparison.Ordinal);
        Assert.EndsWith("\\u001bb", visible, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "abc...")]
    [InlineData(6, "abcdef")]
    [InlineData(100, "abcdef")]
    public void OfLongTextIsCut(int longest, string expected) => Assert.Equal(expected, VisibleText.From("abcdef", longest));
}
