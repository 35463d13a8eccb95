using System.Net.Sockets;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>One attempt to connect to one node of the broker, and what it found out about whether another may do better.</summary>
/// <param name="options">Where and how.</param>
/// <param name="number">How many attempts were made before; they take turns at the addresses.</param>
/// <param name="first">Which address is the first one's.</param>
internal sealed class ConnectAttempt(ClusterOptions options, int number, int first = 0)
{
    /// <summary>Up to this many times as long as the first may an attempt take.</summary>
    private const int MaxStretch = 3;

    /// <summary>A broker ends the connection of a client that takes longer than 5 s for TLS, or 10 s for its first words, as it does on a busy machine.</summary>
    private static readonly TimeSpan QuickEnd = TimeSpan.FromSeconds(4);

    private Socket? _socket;
    private long _reachedAt;
    private volatile bool _isAborted;
    private volatile bool _isReached;
    private volatile bool _isHopeless;
    private volatile string? _problem;

    /// <summary>Which of the addresses.</summary>
    public int Index => (first + number) % options.Brokers.Count;

    /// <summary>How many rounds through all addresses it takes, with this one.</summary>
    public int Round => 1 + (number / options.Brokers.Count);

    /// <summary>Each address had its chance in this round.</summary>
    public bool EndsRound => (number + 1) % options.Brokers.Count == 0;

    /// <summary>That address.</summary>
    public BrokerAddress Broker => options.Brokers[Index];

    /// <summary>How long it may take: longer after attempts for which there was not time enough.</summary>
    public TimeSpan Timeout => options.ConnectTimeout * Math.Min(Round, MaxStretch);

    /// <summary>Something listens there and has not shown that it is no broker: one that is busy, or that starts, may serve later.</summary>
    public bool MayServeLater => _isReached && !_isHopeless;

    /// <summary>There is a connection of TCP.</summary>
    public void RecordReached()
    {
        _reachedAt = options.TimeProvider.GetTimestamp();
        _isReached = true;
    }

    /// <summary>The connection ended before it was one: at once because it is not wanted, later because this took too long.</summary>
    /// <param name="problem">As of <see cref="RecordHopeless"/>.</param>
    public void RecordEnd(string? problem = null)
    {
        if (options.TimeProvider.GetElapsedTime(_reachedAt) < QuickEnd)
        {
            RecordHopeless(problem);
        }
    }

    /// <summary>Why it is of no use to wait, where that is known better than from the error; null where it is not.</summary>
    public string? Problem => _problem;

    /// <summary>It is of no use to wait: there is no agreement on TLS, or what listens there is no broker.</summary>
    public void RecordHopeless(string? problem = null)
    {
        if (!_isAborted)
        {
            _problem ??= problem;
            _isHopeless = true;
        }
    }

    /// <summary>It goes over this socket.</summary>
    public Socket Use(Socket socket)
    {
        Volatile.Write(ref _socket, socket);
        return socket;
    }

    /// <summary>Ends it: the client would wait for seconds until the other side says goodbye.</summary>
    public void Abort()
    {
        _isAborted = true;
        Volatile.Read(ref _socket)?.Dispose();
    }
}
