using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Model;

/// <summary>Does each step on a registry and on the model, and compares what both say.</summary>
internal sealed class RegistryHistory : IDisposable
{
    private readonly RegistryFixture _host = new();
    private readonly RegistryModel _model = new();
    private readonly List<PortLease> _handles = [];
    private ulong _starts = 100;

    public RegistryHistory()
    {
        for (int process = 2; process <= 4; process++)
        {
            Start(process);
        }
    }

    public void Do(ModelStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Take:
                Take(step, 1, contiguous: false);
                break;
            case StepKind.TakeMany:
                Take(step, 1 + (step.Number % 5), contiguous: false);
                break;
            case StepKind.TakeBlock:
                Take(step, 2 + (step.Number % 3), contiguous: true);
                break;
            case StepKind.TakeExactly:
                TakeExactly(step);
                break;
            case StepKind.Renew:
                Change(step, (handle, lease) => Renew(step, handle, lease));
                break;
            case StepKind.HandOver:
                Change(step, (handle, lease) => HandOver(step, handle, lease));
                break;
            case StepKind.Release:
                Change(step, Release);
                break;
            case StepKind.EndProcess:
                End(step.Owner);
                break;
            case StepKind.ReplaceProcess:
                Start(step.Owner);
                break;
            case StepKind.Advance:
                Advance(step.Seconds);
                break;
            default:
                Sweep();
                break;
        }

        Compare(step.Protocol);
    }

    public void Dispose() => _host.Dispose();

    private void Start(int process)
    {
        if (process == 0)
        {
            return;
        }

        _host.Platform.Start(process, ++_starts);
        _model.Start(process, _starts);
    }

    private void End(int process)
    {
        _host.Platform.End(process);
        _model.End(process);
    }

    private void Advance(double seconds)
    {
        _host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        _model.Now += TimeSpan.FromSeconds(seconds);
    }

    private void Take(ModelStep step, int count, bool contiguous)
    {
        PortLeaseRequest request = Request(step) with { Range = RegistryModel.Range, Count = count, Contiguous = contiguous };
        PortRegistryErrorCode? expected = Objection(step)
            ?? ((contiguous ? _model.HasBlock(count, step.Protocol) : _model.CountFree(step.Protocol) >= count) ? null : PortRegistryErrorCode.PortRangeExhausted);
        bool[] clean = [.. RegistryModel.Ports().Select(port => _model.IsClean(port, step.Protocol, step.Name))];
        if (Try(expected, () => _host.Registry.AcquireMany(request)) is not { } leases)
        {
            return;
        }

        int[] ports = [.. leases.Select(lease => lease.Port)];
        Assert.Equal(count, ports.Distinct().Count(port => RegistryModel.Range.Contains(port) && _model.IsFree(port, step.Protocol)));
        if (contiguous)
        {
            Assert.Equal(Enumerable.Range(ports[0], count), ports);
        }

        if (contiguous ? HasRun(clean, count) : clean.Count(isClean => isClean) >= count)
        {
            Assert.DoesNotContain(ports, port => _model.IsQuarantined(port, step.Protocol, step.Name));
        }

        int start = (int)(StickyHash.Compute(step.Name) % (ulong)clean.Length);
        if (count == 1 && step.Name.Length > 0 && clean[start])
        {
            Assert.Equal(RegistryModel.Range.First + start, ports[0]);
        }

        foreach (PortLease lease in leases)
        {
            Add(lease, step);
        }
    }

    private void TakeExactly(ModelStep step)
    {
        int port = RegistryModel.Range.First + (step.Number % RegistryModel.Range.Count);
        PortRegistryErrorCode? expected = Objection(step) ?? (_model.IsFree(port, step.Protocol) ? null : PortRegistryErrorCode.PortUnavailable);
        bool rests = _model.IsQuarantined(port, step.Protocol, step.Name);
        if (Try(expected, () => _host.Registry.Acquire(Request(step) with { Port = port })) is not { } lease)
        {
            return;
        }

        Assert.Equal(port, lease.Port);
        if (rests)
        {
            Assert.NotEmpty(lease.Warnings);
        }

        Add(lease, step);
    }

    private static PortLeaseRequest Request(ModelStep step) => new()
    {
        Name = step.Name,
        Protocol = step.Protocol,
        Owner = Owner(step),
        TimeToLive = Time(step),
    };

    private void Add(PortLease lease, ModelStep step)
    {
        _handles.Add(lease);
        _model.Add(lease, step.Owner, Time(step));
    }

    private void Renew(ModelStep step, PortLease handle, ModelLease? lease)
    {
        TimeSpan time = Time(step) ?? TimeSpan.FromSeconds(10);
        if (Try(Objection(handle, lease), () => _host.Registry.Renew(handle, time)) is not null)
        {
            lease!.Deadline = _model.Now + time;
        }
    }

    private void HandOver(ModelStep step, PortLease handle, ModelLease? lease)
    {
        PortRegistryErrorCode? expected = !_model.IsRunning(step.Owner) ? PortRegistryErrorCode.OwnerNotFound
            : Objection(handle, lease) ?? (step.Owner == 0 && lease!.Deadline is null ? PortRegistryErrorCode.InvalidRequest : null);
        if (Try(expected, () => _host.Registry.Renew(handle, owner: Owner(step))) is not null)
        {
            _model.HandOver(lease!, step.Owner);
        }
    }

    private void Release(PortLease handle, ModelLease? lease)
    {
        object? done = Try(Objection(handle, lease), () =>
        {
            _host.Registry.Remove(handle);
            return new object();
        });
        if (done is not null)
        {
            _model.Remove(lease!);
        }
    }

    private void Sweep()
    {
        ModelLease[] stale = [.. _model.Stale];
        IEnumerable<(int, PortProtocol, string)> swept = _host.Registry.Sweep().Select(taken => (taken.Port, taken.Protocol, taken.Name));
        Assert.Equal(stale.Select(lease => (lease.Port, lease.Protocol, lease.Name)).Order(), swept.Order());
        foreach (ModelLease lease in stale)
        {
            _model.Remove(lease);
        }
    }

    private void Compare(PortProtocol protocol)
    {
        IReadOnlyList<PortLease> listed = _host.Registry.GetLeases();
        foreach (ModelLease taken in _model.Stale.Where(lease => listed.All(other => other.Fence != lease.Handle.Fence)).ToArray())
        {
            _model.Remove(taken);
        }

        DateTimeOffset wall = _host.Clock.GetUtcNow();
        Assert.Equal(
            _model.Leases.OrderBy(lease => lease.Port).ThenBy(lease => lease.Protocol).Select(lease => (
                lease.Port, lease.Protocol, lease.Name, Owner: lease.Owner == 0 ? (int?)null : lease.Owner, lease.Handle.Fence,
                State: _model.IsStale(lease) ? PortLeaseState.Stale : PortLeaseState.Active, ExpiresAt: wall + (lease.Deadline - _model.Now))),
            listed.Select(lease => (lease.Port, lease.Protocol, lease.Name, Owner: lease.OwnerProcessId, lease.Fence, lease.State, lease.ExpiresAt)));
        Assert.Equal(
            listed.Where(lease => lease.Name.Equals("web", StringComparison.OrdinalIgnoreCase)).Select(lease => lease.Fence),
            _host.Registry.GetLeases(new PortLeaseFilter { Name = "Web" }).Select(lease => lease.Fence));
        foreach (int port in RegistryModel.Ports())
        {
            Assert.Equal(_model.IsFree(port, protocol), _host.Registry.Test(port, protocol).Available);
        }
    }

    /// <summary>Why a new lease is refused whatever the ports say.</summary>
    private PortRegistryErrorCode? Objection(ModelStep step) =>
        step.Owner == 0 && Time(step) is null ? PortRegistryErrorCode.InvalidRequest
        : !_model.IsRunning(step.Owner) ? PortRegistryErrorCode.OwnerNotFound
        : null;

    /// <summary>Why a lease cannot be changed: it has ended, and somebody else may have its port.</summary>
    private PortRegistryErrorCode? Objection(PortLease handle, ModelLease? lease)
    {
        bool udp = handle.Protocol == PortProtocol.Udp;
        bool hasSuccessor = _model.Live.Any(other => other.IsOn(handle.Port, udp));
        return lease is not null ? null : hasSuccessor ? PortRegistryErrorCode.LeaseNotOwned : PortRegistryErrorCode.LeaseNotFound;
    }

    private void Change(ModelStep step, Action<PortLease, ModelLease?> change)
    {
        if (_handles.Count == 0)
        {
            return;
        }

        PortLease handle = _handles[step.Number % _handles.Count];
        change(handle, _model.Leases.FirstOrDefault(lease => lease.Handle.Fence == handle.Fence));
    }

    /// <summary>Makes a call that is to fail in this way, or, with null, to succeed.</summary>
    private static T? Try<T>(PortRegistryErrorCode? expected, Func<T> call)
        where T : class
    {
        try
        {
            T result = call();
            Assert.Null(expected);
            return result;
        }
        catch (PortRegistryException refusal)
        {
            Assert.True(refusal.Code == expected, $"{expected?.ToString() ?? "success"} was expected, not {refusal.Code}: {refusal.Message}");
            return null;
        }
    }

    private static bool HasRun(bool[] clean, int count) =>
        Enumerable.Range(0, clean.Length - count + 1).Any(first => clean.AsSpan(first, count).IndexOf(false) < 0);

    private static PortLeaseOwner Owner(ModelStep step) => step.Owner == 0 ? PortLeaseOwner.None : PortLeaseOwner.Process(step.Owner);

    private static TimeSpan? Time(ModelStep step) => step.Seconds == 0 ? null : TimeSpan.FromSeconds(step.Seconds);
}
