using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestKit.Fuzz;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

/// <summary>Whatever stands in headers, the client reads what is left of them. It is the client itself that reads here.</summary>
public sealed class HeaderFilterTests(ITestOutputHelper output)
{
    private static readonly byte[] Count = WireTable.Entry("x-delivery-count", WireTable.Int64(3));
    private static readonly byte[] Good = WireTable.Entry("good", WireTable.List(WireTable.Decimal(28), WireTable.Table(WireTable.Entry("", "V"u8.ToArray()))));

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "decimal", WireTable.Decimal(29) },
        { "decimal in a list", WireTable.List(WireTable.Int64(1), WireTable.Decimal(255)) },
        { "decimal in a table", WireTable.Table(WireTable.Entry("d", WireTable.Decimal(29))) },
        { "unsigned", [(byte)'L', 0, 0, 0, 0, 0, 0, 0, 1] },
        { "lists that end the process", WireTable.Nested(26_000) },
        { "one list too many", WireTable.Nested(HeaderFilter.MaxDepth + 1) },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Clean_ValueThatTheClientCannotRead_GoesAndTheOthersStay(string what, byte[] value)
    {
        Assert.NotEmpty(what);
        byte[] bad = WireTable.Entry("bad", value);
        ReadOnlyBasicProperties properties = Read([.. bad, .. Good, .. bad, .. Count, .. bad]);
        Assert.Equal(["good", "x-delivery-count"], properties.Headers!.Keys.Order());
        Assert.Equal(3L, properties.Headers["x-delivery-count"]);
    }

    [Fact]
    public void Clean_ValuesThatTheClientReads_StayAsTheyAre()
    {
        byte[] payload = WireTable.Payload([.. Good, .. WireTable.Entry("deep", WireTable.Nested(HeaderFilter.MaxDepth)), .. Count]);
        byte[] cleaned = [.. payload];
        Assert.Equal(payload.Length, HeaderFilter.Clean(cleaned));
        Assert.Equal(payload, cleaned);
    }

    [Fact]
    public void Clean_ValueOfNoKnownKind_TakesWhatIsBehindItAlong()
    {
        ReadOnlyBasicProperties properties = Read([.. Good, .. WireTable.Entry("bad", "Zzz"u8.ToArray()), .. Count]);
        Assert.Equal(["good"], properties.Headers!.Keys);
    }

    [Fact]
    public void Clean_NoHeaders_AreLeftAlone()
    {
        byte[] none = [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 1, (byte)'x'];
        Assert.Equal(none.Length, HeaderFilter.Clean(none));
        Assert.Equal(3, HeaderFilter.Clean(new byte[3]));
    }

    [Fact]
    public void Clean_AnyHeaders_AreReadByTheClient() => new Fuzzer(output).Run(
        [[.. Good, .. Count], [.. Unreadable.SelectMany(row => WireTable.Entry("bad", row.Data.Item2)), .. Count], WireTable.Entry("text", [(byte)'S', 0, 0, 0, 2, 0xC3, 0x28]), []],
        headers =>
        {
            byte[] payload = WireTable.Payload(headers);
            bool isWhole = HeaderFilter.Clean(payload) == payload.Length;
            Assert.Equal(WireTable.MessageId, Read(headers).MessageId);
            return isWhole;
        });

    [Fact]
    public void Clean_AnyFrame_ThrowsNothing() => new Fuzzer(output).Run(
        [WireTable.Payload([.. Good, .. Count]), WireTable.Payload(WireTable.Entry("bad", WireTable.Decimal(29)))],
        payload => HeaderFilter.Clean([.. payload]) == payload.Length);

    private static ReadOnlyBasicProperties Read(byte[] headers)
    {
        byte[] payload = WireTable.Payload(headers);
        int left = HeaderFilter.Clean(payload);
        var properties = new ReadOnlyBasicProperties(payload.AsSpan(12, left - 12));
        Assert.Equal(("x", WireTable.MessageId), (properties.ContentType, properties.MessageId));
        return properties;
    }
}
