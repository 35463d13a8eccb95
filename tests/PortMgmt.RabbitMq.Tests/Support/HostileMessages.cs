using System.Text;
using PortMgmt.Cluster;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>Messages as nobody of ours writes them: any properties, headers of any type, bodies of any kind. The same seed makes the same ones.</summary>
internal sealed class HostileMessages(int seed, string type)
{
    private static readonly string[] HeaderNames =
        ["x-delivery-count", "x-delivery-count", "x-death", "x-first-death-reason", "x-portmgmt-error", "x-portmgmt-time", "CC", "x-match", "", "\u001b[31m", "ключ"];

    private static readonly string?[] Texts = [null, "", " ", "a/b", "/", "batch/", "\u001b]0;x\u0007", "\0", "\ud800", new string('ü', 127), new string('x', 255), "application/json", "results", "journal", "mark"];

    private readonly Random _random = new(seed);

    /// <summary>The next one.</summary>
    public (BasicProperties Properties, byte[] Body) Next() => (MakeProperties(), MakeBody());

    /// <summary>A value of each type that a header may have.</summary>
    public object? MakeValue(int depth = 0) => _random.Next(depth > 3 ? 15 : 17) switch
    {
        0 => null,
        1 => "3",
        2 => Encoding.UTF8.GetBytes("delivery_limit"),
        3 => _random.Next(-5, 5),
        4 => int.MaxValue,
        5 => long.MaxValue,
        6 => long.MinValue,
        7 => (short)-1,
        8 => (byte)200,
        9 => (sbyte)-3,
        10 => 2.5,
        11 => 0.5f,
        12 => true,
        13 => 3.25m,
        14 => new AmqpTimestamp(long.MaxValue),
        15 => new List<object?> { MakeValue(depth + 1), MakeValue(depth + 1) },
        _ => new Dictionary<string, object?> { ["a"] = MakeValue(depth + 1), ["b"] = MakeValue(depth + 1) },
    };

    private BasicProperties MakeProperties()
    {
        var properties = new BasicProperties
        {
            MessageId = Pick("batch/" + _random.Next(1000)),
            Type = Pick(type),
            ContentType = Pick("application/json"),
            ContentEncoding = _random.Next(4) == 0 ? Pick("gzip") : null,
            ReplyTo = Pick("nowhere"),
            CorrelationId = Pick("x"),
            AppId = Pick("x"),
            Priority = (byte)_random.Next(256),
            DeliveryMode = (DeliveryModes)_random.Next(1, 3),
            Timestamp = new AmqpTimestamp(_random.NextInt64()),
            Expiration = _random.Next(10) == 0 ? "1" : null,
        };
        if (_random.Next(2) == 0)
        {
            properties.Headers = new Dictionary<string, object?>();
            for (int i = _random.Next(4); i >= 0; i--)
            {
                properties.Headers[HeaderNames[_random.Next(HeaderNames.Length)]] = MakeValue();
            }

            // The broker reads these itself, and refuses what it cannot use.
            properties.Headers.Remove("CC");
            properties.Headers.Remove("x-death");
        }

        return properties;
    }

    private string? Pick(string right) => _random.Next(2) == 0 ? right : Texts[_random.Next(Texts.Length)];

    private byte[] MakeBody() => _random.Next(10) switch
    {
        0 => [],
        1 => [0],
        2 => Encoding.Unicode.GetBytes("""{"n":1}"""),
        3 => [0xEF, 0xBB, 0xBF, (byte)'1'],
        4 => [(byte)'"', 0xC3, 0x28, (byte)'"'],
        5 => Encoding.UTF8.GetBytes(new string('[', 5000) + new string(']', 5000)),
        6 => new byte[ClusterLimits.MaxInputBytes + _random.Next(3)],
        7 => Encoding.UTF8.GetBytes("{\"n\":" + new string('9', 400) + "}"),
        8 => Encoding.UTF8.GetBytes("""{"n":1}{"n":2}"""),
        _ => Encoding.UTF8.GetBytes("""{"n":1,"$type":"System.Diagnostics.Process"}"""),
    };
}
