using PortMgmt.Operations.History;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class OperationLabelTests
{
    public static TheoryData<object, string> SimpleValues => new()
    {
        { "text", "text" },
        { 42, "42" },
        { true, "True" },
        { 1.5, "1.5" },
        { 1.5m, "1.5" },
        { DayOfWeek.Friday, "Friday" },
        { TimeSpan.FromMinutes(1), "00:01:00" },
        { new DateTime(2026, 1, 2), "01/02/2026 00:00:00" },
        { new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), "01/02/2026 00:00:00 +00:00" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" },
        { new Uri("a/b?c", UriKind.Relative), "a/b?c" },
    };

    [Theory]
    [MemberData(nameof(SimpleValues))]
    public void InputOfASimpleValueIsItsTextWhateverTheCulture(object input, string expected) => Assert.Equal(expected, OperationLabel.From(input));

    [Fact]
    public void InputOfAnyOtherTypeIsNotAskedForItsText()
    {
        Assert.Null(OperationLabel.From((object?)null));
        Assert.Null(OperationLabel.From(new Talkative()));
    }

    [Fact]
    public void InputTooLongIsCutWhereNoCharacterIsSplit()
    {
        string before = new('a', OperationLabel.MaxInputLength - 1);

        Assert.Equal(before + "b", OperationLabel.From(before + "b"));
        Assert.Equal(before + "b…", OperationLabel.From(before + "bc"));
        Assert.Equal(before + "…", OperationLabel.From(before + "\U0001F600c"));
    }

    [Fact]
    public void ErrorIsItsMessageOrItsTypeWhereThatFails()
    {
        Assert.Null(OperationLabel.From((Exception?)null));
        Assert.Equal("no", OperationLabel.From(new InvalidOperationException("no")));
        Assert.Equal(typeof(Mute).ToString(), OperationLabel.From(new Mute()));
        Assert.Equal(OperationLabel.MaxErrorLength + 1, OperationLabel.From(new InvalidOperationException(new string('x', 9999)))!.Length);
    }

    private sealed class Talkative
    {
        public override string ToString() => throw new InvalidOperationException("Nobody should ask.");
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }
}
