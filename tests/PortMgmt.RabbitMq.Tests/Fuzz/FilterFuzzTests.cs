using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestKit.Fuzz;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Fuzz;

/// <summary>What comes from the broker, in any pieces: all of it goes on but harmful headers.</summary>
public sealed class FilterFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Pass_AnyFramesInAnyPieces_AreLeftAloneButForHarmfulHeaders()
    {
        int changed = 0;
        int streams = FuzzScale.Inputs / 4;
        for (int seed = 0; seed < streams; seed++)
        {
            var wire = new RandomWire(seed);
            (byte[] came, byte[] wanted) = wire.NextStream(1 + wire.Next(12));
            changed += came.Length == wanted.Length ? 0 : 1;
            int most = 1 + wire.Next(wire.Next(2) == 0 ? 20 : 100_000);
            byte[] passed = Pass(came, () => 1 + wire.Next(most), () => wire.Next(most + 1));
            Assert.True(wanted.AsSpan().SequenceEqual(passed), $"seed {seed}");

            // What was cleaned is clean.
            Assert.True(wanted.AsSpan().SequenceEqual(Pass(wanted, () => wanted.Length, () => int.MaxValue)), $"seed {seed}, again");
        }

        output.WriteLine($"{streams} streams, {changed} of them with harmful headers");
        Assert.InRange(changed, streams / 10, streams - (streams / 10));
    }

    [Fact]
    public void Pass_CutAtEveryByte_IsTheSame()
    {
        (byte[] came, byte[] wanted) = new RandomWire(16).NextStream(30);
        came = came.Length < 20_000 ? came : throw new InvalidOperationException("Take another seed: this one is slow.");
        Assert.True(wanted.Length < came.Length);
        for (int cut = 1; cut < came.Length; cut++)
        {
            int at = 0;
            Assert.True(wanted.AsSpan().SequenceEqual(Pass(came, () => at++ == 0 ? cut : came.Length, () => int.MaxValue)), $"cut at {cut}");
        }
    }

    [Fact]
    public void Clean_AnyHeaders_TheClientReadsAllThatAreHarmless()
    {
        for (int seed = 0; seed < FuzzScale.Inputs; seed++)
        {
            (byte[] all, byte[] harmless) = new RandomWire(seed).NextHeaders();
            byte[] payload = WireTable.Payload(all);
            int left = HeaderFilter.Clean(payload);
            Assert.True(WireTable.Payload(harmless).AsSpan().SequenceEqual(payload.AsSpan(0, left)), $"seed {seed}");
            var properties = new ReadOnlyBasicProperties(payload.AsSpan(12, left - 12));
            Assert.Equal(WireTable.MessageId, properties.MessageId);
            Assert.Equal(harmless.Length == 0, properties.Headers is null or { Count: 0 });
        }
    }

    /// <summary>Lengths that are too short, too long or negative, anywhere: what is left the client reads, and it is clean.</summary>
    [Fact]
    public void Clean_AnyWrongLength_LeavesWhatTheClientReads()
    {
        byte[][] lengths = [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 7], [0, 0, 1, 0], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFB]];
        for (int seed = 0; seed < 60; seed++)
        {
            byte[] headers = new RandomWire(seed).NextHeaders().All;
            for (int at = 0; at + 4 <= Math.Min(headers.Length, 200); at++)
            {
                byte[] broken = [.. headers[..at], .. lengths[(seed + at) % lengths.Length], .. headers[(at + 4)..]];
                byte[] payload = WireTable.Payload(broken);
                int left = HeaderFilter.Clean(payload);
                Assert.Equal(WireTable.MessageId, new ReadOnlyBasicProperties(payload.AsSpan(12, left - 12)).MessageId);
                Assert.Equal(left, HeaderFilter.Clean(payload.AsSpan(0, left)));
            }
        }
    }

    private static byte[] Pass(byte[] bytes, Func<int> piece, Func<int> room)
    {
        var filter = new FrameFilter();
        var passed = new MemoryStream();
        for (int at = 0; at < bytes.Length;)
        {
            Memory<byte> free = filter.GetRoom();
            int count = Math.Min(Math.Min(piece(), free.Length), bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(free.Span);
            filter.Advance(count);
            at += count;

            // Some of it may stay until more has come.
            byte[] target = new byte[Math.Min(room(), 200_000)];
            passed.Write(target.AsSpan(0, filter.Read(target)));
        }

        byte[] rest = new byte[1000];
        while (filter.HasBytes)
        {
            passed.Write(rest.AsSpan(0, filter.Read(rest)));
        }

        Assert.False(filter.IsInFrame);
        return passed.ToArray();
    }
}
