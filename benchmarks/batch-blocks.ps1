<#
.SYNOPSIS
    What an operation costs by what stands in its block, beside the same block called by & in a plain loop.
.DESCRIPTION
    Six ways in turns, in one shell for each block, warm, results dropped; microseconds of the clock and of the processor, and bytes,
    an operation, medians. The first four are the engine alone, and what nobody can go below without calling blocks in another way
    than by &: a loop in the caller's shell; two runspaces with half of the loop in each, which tells what the engine itself gains from
    a second one; and the loop on one and on two other threads, which a cmdlet of a few lines brings their inputs from a pipeline and
    takes their outputs out of: above the plain loop and the two runspaces that is what going to other threads and back costs, whoever
    does it. None of them has results, time limits, streams or isolation. The others are a batch with one worker and with two.
    CpuRatio is the processor time beside that of the plain loop. Gain is how many times as fast two are as one, by the clock: two
    runspaces beside the plain loop, two other threads beside one, and two workers beside one.
    The runtime compiles anew what was called thirty times, on a thread of its own, and what is called once a batch is only compiled
    when dozens of batches have run. So a row begins with many small batches, and is measured once the runtime has next to nothing left
    to compile, or after 15 rounds. JitUs is what it still took for that; it is in CpuUs.
    On Linux and macOS the engine prepares a line for syslog for each command that it runs. With -Quiet each shell is started with
    "LogLevel": "Error", which leaves that out.
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-blocks.ps1 | Format-Table
.EXAMPLE
    ./benchmarks/batch-blocks.ps1 -Quiet -Block 'Join-Path', 'a splatted call'
    Some of the rows alone.
#>
[CmdletBinding()]
param(
    [ValidateRange(1000, 10000000)]
    [int] $Count = 30000,

    # How many times each way is measured, after the rounds that do not count.
    [ValidateRange(1, 100)]
    [int] $Rounds = 5,

    # The names of rows, with wildcards.
    [string[]] $Block = '*',

    [switch] $Quiet
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve
# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })
$brought = 'function Get-Double { param($Value) $Value * 2 }'
$blocks = [ordered]@{
    'an expression'               = '$_ + 1'
    'an assignment'               = '$x = $_; $x + 1'
    'Join-Path'                   = 'Join-Path a $_'
    'Join-Path and an assignment' = '$x = Join-Path a $_; $x'
    'a function of its own'       = 'function f { $_ }; f'
    'a function of the caller'    = 'Get-Double $_'
    'three cmdlets in a pipeline' = '1, 2, $_ | Where-Object { $_ -gt 1 } | ForEach-Object { $_ * 2 } | Select-Object -First 1'
    'try and catch'               = 'try { $x = [int] "$_"; $x } catch { 0 }'
    'try and an error caught'     = 'try { throw "no" } catch { 0 }'
    'a splatted call'             = '$p = @{ Path = "a"; ChildPath = "$_" }; Join-Path @p'
    'foreach with an if'          = 'foreach ($i in 1..5) { if ($i -gt 3) { $i } }'
    'string formatting'           = '$x = "item {0:d5}" -f $_; "<$x>"'
    'a regular expression'        = 'if ("item $_" -match "item (\d+)") { $Matches[1] }'
    'a method of .NET'            = '$x = [System.IO.Path]::GetFileName("/a/b/$_"); $x.ToUpper()'
    'ConvertFrom-Json'            = '$x = "{ ""id"": $_ }" | ConvertFrom-Json; $x.id'
    'a command and a function'    = '$x = Join-Path a "$_"; function f($y) { $y + 1 }; f 1'
}
$probe = @'
$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $env:POWERSHELL_TELEMETRY_OPTOUT = 1
Import-Module 'MANIFEST'
BROUGHT
$functions = 'BROUGHT' ? @{ Functions = 'Get-Double' } : @{}
Add-Type -TypeDefinition @"
ELSEWHERE
"@
$shells = foreach ($half in 1, 2) {
    $shell = [powershell]::Create([System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace())
    $shell.Runspace.Open()
    $null = $shell.AddScript({ function Invoke-Block { $block = { BLOCK }; foreach ($_ in 1..HALF) { $null = & $block } }; BROUGHT }.ToString()).Invoke()
    $shell.Commands.Clear()
    $shell.AddCommand('Invoke-Block')
}
$elsewhere = foreach ($one in 1, 2) {
    $shell = [powershell]::Create([System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace())
    $shell.Runspace.ThreadOptions = 'UseCurrentThread'
    $shell.Runspace.Open()
    $null = $shell.AddScript({ function Invoke-Block { param($Items) $block = { BLOCK }; foreach ($_ in $Items) { & $block } }; BROUGHT }.ToString()).Invoke()
    $shell
}
Import-Module ([InvokeElsewhere].Assembly)
$ways = [ordered]@{
    'floor: & in a plain loop'   = { $block = { BLOCK }; foreach ($_ in 1..COUNT) { $null = & $block } }
    'floor: two bare runspaces'  = { $waits = $shells | ForEach-Object { $_.BeginInvoke() }; 0, 1 | ForEach-Object { $null = $shells[$_].EndInvoke($waits[$_]) } }
    'floor: & on another thread' = { 1..COUNT | Invoke-Elsewhere $elsewhere[0] > $null }
    'floor: & on two threads'    = { 1..COUNT | Invoke-Elsewhere $elsewhere > $null }
    'Start-OperationBatch, one'  = { 1..COUNT | Start-OperationBatch -MaxConcurrent 1 @functions { BLOCK } > $null }
    'Start-OperationBatch, two'  = { 1..COUNT | Start-OperationBatch -MaxConcurrent 2 @functions { BLOCK } > $null }
}
# What is called once a batch, and what any block needs.
foreach ($_ in 1..150) {
    1..100 | Start-OperationBatch -MaxConcurrent 2 { $x = $_; $x } > $null
    1..100 | Invoke-Elsewhere $elsewhere > $null
    & { $block = { $x = $_; $x }; foreach ($_ in 1..1000) { $null = & $block } }
}
1..100000 | Start-OperationBatch -MaxConcurrent 2 { $_ } > $null
$settled = 0
foreach ($round in -14..ROUNDS) {
    if ($round -le 0 -and $settled -ge 2) {
        continue
    }
    $compiled = [System.Runtime.JitInfo]::GetCompilationTime($false)
    $usedInAll = [System.Environment]::CpuUsage.TotalTime
    foreach ($way in $ways.GetEnumerator()) {
        $bytes = [System.GC]::GetTotalAllocatedBytes()
        $paused = [System.GC]::GetTotalPauseDuration()
        $jit = [System.Runtime.JitInfo]::GetCompilationTime($false)
        $used = [System.Environment]::CpuUsage.TotalTime
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        & $way.Value
        $clock.Stop()
        if ($round -gt 0) {
            @{
                Way     = $way.Key
                WallUs  = $clock.Elapsed.TotalMicroseconds / COUNT
                CpuUs   = ([System.Environment]::CpuUsage.TotalTime - $used).TotalMicroseconds / COUNT
                JitUs   = ([System.Runtime.JitInfo]::GetCompilationTime($false) - $jit).TotalMicroseconds / COUNT
                PauseUs = ([System.GC]::GetTotalPauseDuration() - $paused).TotalMicroseconds / COUNT
                Bytes   = ([System.GC]::GetTotalAllocatedBytes() - $bytes) / COUNT
            } | ConvertTo-Json -Compress
        }
    }
    $share = ([System.Runtime.JitInfo]::GetCompilationTime($false) - $compiled) / ([System.Environment]::CpuUsage.TotalTime - $usedInAll)
    $settled = $share -lt 0.01 ? $settled + 1 : 0
}
'@
# Nothing but what any way to another thread and back needs: a pipeline's input is bound, and waits in a channel.
$elsewhere = @'
using System;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
[Cmdlet("Invoke", "Elsewhere")]
public sealed class InvokeElsewhere : PSCmdlet
{
    private readonly Channel<PSObject> _in = Channel.CreateBounded<PSObject>(1024);
    private readonly Channel<PSObject> _out = Channel.CreateUnbounded<PSObject>();
    private Thread[] _threads;
    [Parameter(Mandatory = true, Position = 0)] public PowerShell[] Shell { get; set; }
    [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
    protected override void BeginProcessing()
    {
        _threads = Array.ConvertAll(Shell, Start);
    }
    protected override void ProcessRecord()
    {
        while (!_in.Writer.TryWrite(InputObject)) { Thread.Sleep(1); }
        Drain();
    }
    protected override void EndProcessing()
    {
        _in.Writer.Complete();
        foreach (Thread thread in _threads) { thread.Join(); }
        Drain();
    }
    private Thread Start(PowerShell shell)
    {
        shell.Commands.Clear();
        shell.AddCommand("Invoke-Block").AddArgument(_in.Reader.ReadAllAsync().ToBlockingEnumerable());
        var thread = new Thread(() => shell.Invoke(null, new Output(_out.Writer)));
        thread.Start();
        return thread;
    }
    private void Drain() { while (_out.Reader.TryRead(out PSObject output)) { WriteObject(output); } }
    private sealed class Output : Collection<PSObject>
    {
        private readonly ChannelWriter<PSObject> _to;
        public Output(ChannelWriter<PSObject> to) { _to = to; }
        protected override void InsertItem(int index, PSObject item) { _to.TryWrite(item); }
    }
}
'@

function Get-Median {
    param([double[]] $Value)
    ($Value | Sort-Object)[[math]::Floor($Value.Count / 2)]
}

$place = New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "$([guid]::NewGuid())")
$settings = Join-Path $place 'settings.json'
$script = Join-Path $place 'probe.ps1'
Set-Content -Path $settings -Value ($Quiet ? '{ "LogLevel": "Error" }' : '{}')
try {
    foreach ($row in $blocks.GetEnumerator()) {
        if (-not ($Block | Where-Object -FilterScript { $row.Key -like $_ })) {
            continue
        }
        $run = $probe.Replace('ELSEWHERE', $elsewhere).Replace('MANIFEST', $manifest).Replace('BROUGHT', ($row.Value -match 'Get-Double' ? $brought : '')).Replace('BLOCK', $row.Value)
        Set-Content -Path $script -Value $run.Replace('COUNT', $Count).Replace('HALF', [math]::Floor($Count / 2)).Replace('ROUNDS', $Rounds)
        $said = & $shell @dll -NoProfile -NonInteractive -SettingsFile $settings -File $script
        if ($LASTEXITCODE -ne 0) {
            throw "The measured shell failed: $said"
        }
        $medians = [ordered]@{}
        $said | ConvertFrom-Json | Group-Object -Property Way | ForEach-Object -Process {
            $medians[$_.Name] = @{ Wall = Get-Median $_.Group.WallUs; Cpu = Get-Median $_.Group.CpuUs; Jit = Get-Median $_.Group.JitUs; Pause = Get-Median $_.Group.PauseUs; Bytes = Get-Median $_.Group.Bytes }
        }
        $floor = $medians['floor: & in a plain loop']
        $gains = @{}
        foreach ($pair in ('floor: & in a plain loop', 'floor: two bare runspaces'), ('floor: & on another thread', 'floor: & on two threads'), ('Start-OperationBatch, one', 'Start-OperationBatch, two')) {
            $gains[$pair[1]] = $medians[$pair[0]].Wall / $medians[$pair[1]].Wall
        }
        foreach ($way in $medians.GetEnumerator()) {
            [pscustomobject]@{
                Block    = $row.Key
                Way      = $way.Key
                WallUs   = [math]::Round($way.Value.Wall, 1)
                CpuUs    = [math]::Round($way.Value.Cpu, 1)
                CpuRatio = [math]::Round($way.Value.Cpu / $floor.Cpu, 2)
                JitUs    = [math]::Round($way.Value.Jit, 1)
                PauseUs  = [math]::Round($way.Value.Pause, 1)
                Bytes    = [math]::Round($way.Value.Bytes)
                Gain     = $gains.Contains($way.Key) ? [math]::Round($gains[$way.Key], 2) : $null
            }
        }
    }
}
finally {
    Remove-Item -Path $place -Recurse
}
