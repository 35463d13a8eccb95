using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.Tests.Scripts;
using Xunit;

namespace PortMgmt.Tests.Cluster;

[Collection(EngineTests.Name)]
public sealed class JsonValuesTests(EngineFixture engine)
{
    public static TheoryData<object?, string> Scalars => new()
    {
        { null, "null" },
        { "text", "\"text\"" },
        { "grün <b>", "\"grün <b>\"" },
        { "\"\u001b[31m", "\"\\\"\\u001B[31m\"" },
        { true, "true" },
        { 42, "42" },
        { long.MaxValue, "9223372036854775807" },
        { (byte)7, "7" },
        { 1.5, "1.5" },
        { 1.5f, "1.5" },
        { 1.10m, "1.10" },
        { BigInteger.Pow(10, 30), "1000000000000000000000000000000" },
        { 'c', "\"c\"" },
        { DayOfWeek.Monday, "\"Monday\"" },
        { Guid.Empty, "\"00000000-0000-0000-0000-000000000000\"" },
        { new Version(1, 2, 3), "\"1.2.3\"" },
        { new Uri("http://localhost:8080/a"), "\"http://localhost:8080/a\"" },
        { TimeSpan.FromMinutes(90), "\"01:30:00\"" },
        { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "\"2026-01-02T03:04:05Z\"" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), "\"2026-01-02T03:04:05+01:00\"" },
    };

    public static TheoryData<object, string> Collections => new()
    {
        { new object?[] { 1, "a", null }, "[1,\"a\",null]" },
        { Array.Empty<object>(), "[]" },
        { new object[] { new object[] { 1 } }, "[[1]]" },
        { new byte[] { 1, 2 }, "[1,2]" },
        { new OrderedDictionary { ["b"] = 1, ["a"] = new Hashtable { ["c"] = true } }, "{\"b\":1,\"a\":{\"c\":true}}" },
        { new Hashtable { [7] = 1 }, "{\"7\":1}" },
        { new List<int> { 1, 2 }, "[1,2]" },
    };

    public static TheoryData<string, object?> Documents => new()
    {
        { "null", null },
        { "\"text\"", "text" },
        { "true", true },
        { "false", false },
        { "42", 42 },
        { "-2147483648", int.MinValue },
        { "2147483648", 2147483648L },
        { "9223372036854775808", BigInteger.Parse("9223372036854775808", System.Globalization.CultureInfo.InvariantCulture) },
        { "1.5", 1.5 },
        { "1e3", 1000.0 },
        { "[]", Array.Empty<object>() },
        { "[1,\"a\",null]", new object?[] { 1, "a", null } },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Write_Scalar_IsOneJsonValue(object? value, string expected)
    {
        Assert.Equal(expected, Write(value));
        Assert.Equal(expected, Write(value is null ? null : PSObject.AsPSObject(value)));
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void Write_Collection_IsAListOrAnObject(object value, string expected) => Assert.Equal(expected, Write(value));

    [Fact]
    public void Write_CustomObject_HasItsPropertiesInTheirOrder() =>
        Assert.Equal("{\"Name\":\"web\",\"Ports\":[80,443],\"Inner\":{\"A\":null}}", Write(engine.Run("[pscustomobject]@{ Name = 'web'; Ports = 80, 443; Inner = [pscustomobject]@{ A = $null } }")[0]));

    [Fact]
    public void Write_PropertyThatThrows_IsNull() =>
        Assert.Equal("{\"Bad\":null}", Write(engine.Run("[pscustomobject]@{} | Add-Member -MemberType ScriptProperty -Name Bad -Value { throw 'no' } -PassThru")[0]));

    [Fact]
    public void Write_OtherObjects_AreLookedIntoTwiceAndThenTheirTextStands() => Assert.Equal(
        "{\"Name\":1,\"Inner\":{\"Name\":2,\"Inner\":\"level 3\"}}", Write(new Level(1, new Level(2, new Level(3, null)))));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Write_NumberThatJsonDoesNotHave_IsRefused(object value) => AssertRefused(value, "JSON has no number");

    [Fact]
    public void Write_ScriptBlockAnywhere_IsRefused()
    {
        AssertRefused(Blocks.Parse("1").GetScriptBlock(), "it has a script block");
        AssertRefused(new Hashtable { ["a"] = new object[] { Blocks.Parse("1").GetScriptBlock() } }, "it has a script block");
    }

    [Fact]
    public void Write_NestedTo32_IsWrittenAndDeeperIsRefused()
    {
        Assert.Equal(new string('[', 32) + "1" + new string(']', 32), Write(Nest(32)));
        AssertRefused(Nest(33), "it is nested more than 32 deep");
    }

    [Fact]
    public void Read_NoBytes_IsNull() => Assert.Null(JsonValues.Read(ReadOnlyMemory<byte>.Empty));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Read_Value_IsTheSmallestTypeThatHasIt(string json, object? expected)
    {
        object? value = Read(json);

        Assert.Equal(expected, value);
        Assert.Equal(expected?.GetType(), value?.GetType());
    }

    [Fact]
    public void Read_Object_HasItsMembersAsProperties()
    {
        PSObject value = Assert.IsType<PSObject>(Read("{\"b\":1,\"a\":{\"c\":[true]}}"));

        Assert.Equal(["b", "a"], value.Properties.Select(static property => property.Name));
        Assert.Equal(new object[] { true }, Assert.IsType<PSObject>(value.Properties["a"].Value).Properties["c"].Value);
    }

    [Fact]
    public void Read_MemberWithoutAName_IsNamedByASpace()
    {
        var read = (PSObject)JsonValues.Read("""{"":1,"a":2}"""u8.ToArray())!;

        Assert.Equal([" ", "a"], read.Properties.Select(property => property.Name));
    }

    [Fact]
    public void Read_MemberThatComesTwice_IsTheLast()
    {
        PSObject value = Assert.IsType<PSObject>(Read("{\"a\":1,\"A\":2}"));

        Assert.Equal(2, Assert.Single(value.Properties).Value);
    }

    [Fact]
    public void Read_MemberNamedAsATypeOfTheEngine_StaysData()
    {
        PSObject value = Assert.IsType<PSObject>(Read("{\"PSTypeName\":\"System.Diagnostics.Process\",\"$type\":\"x\"}"));

        Assert.IsType<PSCustomObject>(value.BaseObject);
        Assert.Equal(["PSTypeName", "$type"], value.Properties.Select(static property => property.Name));
    }

    private static object Nest(int depth)
    {
        object value = 1;
        for (int i = 0; i < depth; i++)
        {
            value = new object[] { value };
        }

        return value;
    }

    private static object? Read(string json) => JsonValues.Read(Encoding.UTF8.GetBytes(json));

    private string Write(object? value)
    {
        engine.Enter();
        return Encoding.UTF8.GetString(JsonValues.Write(value).Span);
    }

    private void AssertRefused(object value, string reason)
    {
        OperationException failure = Assert.Throws<OperationException>(() => Write(value));

        Assert.Equal(OperationErrorCode.InvalidOption, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
