using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class ExecutorIdentityTests
{
    public static TheoryData<object> SimpleValues =>
    [
        "text", 1, 1L, 1.5, 1.5m, true, 'c', Guid.Empty, DayOfWeek.Monday, TimeSpan.FromSeconds(1), new Version(1, 2),
        new Uri("http://localhost/"), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    ];

    public static TheoryData<object> OtherValues => [new Hashtable(), new object[] { 1 }, new object(), new PSObject(), new List<int>()];

    [Theory]
    [MemberData(nameof(SimpleValues))]
    public void TryFind_SimpleValue_HasAnIdentity(object value)
    {
        Assert.NotNull(Find("$x", ("x", value)));
        Assert.Equal(Find("$x", ("x", value)), Find("$x", ("x", PSObject.AsPSObject(value))));
    }

    [Theory]
    [MemberData(nameof(OtherValues))]
    public void TryFind_OtherValue_HasNoneAndIsNamed(object value)
    {
        Assert.Null(ExecutorIdentity.TryFind("$x", Values([("plain", 1), ("x", value)]), [], out string? obstacle));
        Assert.Equal("x", obstacle);
    }

    [Fact]
    public void TryFind_NoValues_IsTheText() => Assert.Equal("$_ * 2", Find("$_ * 2"));

    [Fact]
    public void TryFind_ValuesInAnotherOrder_AreTheSame() => Assert.Equal(Find("$x", ("a", 1), ("b", 2)), Find("$x", ("b", 2), ("a", 1)));

    [Fact]
    public void TryFind_AnyDifference_IsAnother()
    {
        string?[] all =
        [
            Find("$x"), Find("$y"), Find("$x", ("x", 1)), Find("$x", ("x", 2)), Find("$x", ("y", 1)), Find("$x", ("x", "1")),
            Find("$x", ("x", 1L)), Find("$x", ("x", null)), Find("$x", ("x", "")), Find("$x", ("x", 1), ("y", 1)),
            WithFunction("$x", "f", "1"), WithFunction("$x", "f", "2"), WithFunction("$x", "g", "1"),
        ];

        Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void TryFind_Dates_DifferByTheirLastTick()
    {
        var date = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

        Assert.NotEqual(Find("$x", ("x", date)), Find("$x", ("x", date.AddTicks(1))));
        Assert.NotEqual(Find("$x", ("x", date)), Find("$x", ("x", DateTime.SpecifyKind(date, DateTimeKind.Unspecified))));
    }

    [Fact]
    public void TryFind_AnotherCulture_IsTheSame()
    {
        string? before = Find("$x", ("x", 1.5));
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal(before, Find("$x", ("x", 1.5)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string? Find(string text, params (string Name, object? Value)[] values)
    {
        string? identity = ExecutorIdentity.TryFind(text, Values(values), [], out string? obstacle);
        Assert.Null(obstacle);
        return identity;
    }

    private static string? WithFunction(string text, string name, string definition) =>
        ExecutorIdentity.TryFind(text, [], [new BroughtFunction(name, Blocks.Parse(definition).GetScriptBlock())], out _);

    private static IEnumerable<KeyValuePair<string, object?>> Values((string Name, object? Value)[] values) =>
        values.Select(static value => KeyValuePair.Create(value.Name, value.Value));
}
