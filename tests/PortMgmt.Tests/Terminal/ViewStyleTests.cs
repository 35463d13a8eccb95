using PortMgmt.PowerShell.Terminal;
using Xunit;

namespace PortMgmt.Tests.Terminal;

public sealed class ViewStyleTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("Active", "Active")]
    [InlineData("Unheard", "Unheard")]
    [InlineData(true, "True")]
    public void Paint_NoStyle_IsTheText(object? state, string expected) => Assert.Equal(expected, ViewStyle.Paint(state, null));

    [Theory]
    [InlineData("8080", "Active", "8080")]
    [InlineData(8080, "Stale", "8080")]
    [InlineData(null, "Failed", "")]
    public void Paint_TextByAStateWithoutStyle_IsTheText(object? text, object state, string expected) =>
        Assert.Equal(expected, ViewStyle.Paint(text, state, null));

    [Fact]
    public void Paint_StateThatHasNoColour_IsTheTextWhateverTheStyle() => Assert.Equal("Unheard", ViewStyle.Paint("Unheard", new object()));

    [Theory]
    [InlineData("TCP port 22 is below 1024: it is not handed out unasked", 41, "TCP port 22 is below 1024: it is not\nhanded out unasked")]
    [InlineData("short", 41, "short")]
    [InlineData("", 41, "")]
    [InlineData("one two three four", 79, "one two three\nfour")]
    [InlineData("averyveryverylongword and more", 79, "averyveryverylongword\nand more")]
    public void Fold_TextOfAnyLength_IsBrokenBetweenWordsAlone(string text, int used, string expected) =>
        Assert.Equal(expected, ViewStyle.Fold(text, used, null));
}
