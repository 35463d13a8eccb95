using System.Globalization;
using PortMgmt.TestProcess;
using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>A churning process and what it has said of itself, kept by a thread that reads along.</summary>
internal sealed class ChurnWorker : IDisposable
{
    private readonly TestChild _child;
    private readonly Thread _reader;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string[]> _held = [];
    private string[] _step = [];
    private int _steps;
    private readonly List<string> _faults = [];
    private readonly List<(string Group, int Slots)> _cut = [];
    private string? _failure;

    public ChurnWorker(string registry, ChurnPlan plan, IEnumerable<string>? launcher = null)
    {
        Plan = plan;
        _child = TestChild.Start(registry, ["churn", .. plan.ToArguments()], launcher);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public ChurnPlan Plan { get; }

    public int Id => _child.Id;

    /// <summary>Whether it is gone, to everybody, and all that it said is read: its output ends before the process does.</summary>
    public bool HasEnded => !_reader.IsAlive && _child.HasExited;

    /// <summary>The faults that happened to it, each as the kind and the step.</summary>
    public string[] Faults
    {
        get
        {
            lock (_lock)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>The groups that it was cut off from taking, with the slots that each wanted.</summary>
    public (string Group, int Slots)[] Cut
    {
        get
        {
            lock (_lock)
            {
                return [.. _cut];
            }
        }
    }

    /// <summary>How many steps it has begun.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>What went wrong in it; null for nothing.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>The step that it has begun and not ended; empty for none.</summary>
    public string[] Step
    {
        get
        {
            lock (_lock)
            {
                return _step;
            }
        }
    }

    /// <summary>The tokens of what it holds for certain, by group: taken, and not begun to be given back.</summary>
    public Dictionary<string, string[]> Held
    {
        get
        {
            lock (_lock)
            {
                return new(_held);
            }
        }
    }

    public bool Holds(string group)
    {
        lock (_lock)
        {
            return _held.ContainsKey(group);
        }
    }

    /// <summary>Lets it go on once it is stopped, as a fault of its plan does to it.</summary>
    public void ContinueIfStopped()
    {
        if (ProcessState.IsStopped(Id))
        {
            _child.Continue();
        }
    }

    /// <summary>Kills it and waits until all that it said is read.</summary>
    public void Kill()
    {
        EndNow();
        Assert.Null(Failure);
    }

    /// <summary>Kills it, whatever it complains of, and waits until all that it said is read; harmless when it has ended.</summary>
    public void EndNow()
    {
        _child.Kill();
        _reader.Join();
    }

    public void Dispose()
    {
        _child.Dispose();
        _reader.Join();
    }

    private void Read()
    {
        while (_child.Output.ReadLine() is string line)
        {
            string[] words = line.Split(' ');
            lock (_lock)
            {
                Follow(words, line);
            }
        }
    }

    private void Follow(string[] words, string line)
    {
        switch (words)
        {
            case ["take" or "renew", ..]:
                Begin(words);
                break;
            case ["drop", string group]:
                Begin(words);
                _held.Remove(group);
                break;
            case ["took", string group, .. string[] tokens]:
                _held[group] = tokens;
                _step = [];
                break;
            case ["renewed" or "dropped", _]:
                _step = [];
                break;
            case ["cut", _]:
                if (_step is ["take", string wanted, string slots])
                {
                    _cut.Add((wanted, int.Parse(slots, CultureInfo.InvariantCulture)));
                }

                _step = [];
                break;
            case ["fault", .. string[] what]:
                _faults.Add(string.Join(' ', what));
                break;
            default:
                Volatile.Write(ref _failure, line);
                break;
        }
    }

    private void Begin(string[] step)
    {
        _step = step;
        Volatile.Write(ref _steps, _steps + 1);
    }
}
