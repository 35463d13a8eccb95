BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $shells = Get-ShellKind
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $examples = Convert-Path -Path (Join-Path $PSScriptRoot '../../examples')
    Use-TestRegistry

    # Runs an example as a reader would, in a process of its own.
    function Invoke-RecipeText {
        param([string] $Command)
        Invoke-TestShell -Command "`$ErrorActionPreference = 'Stop'; Import-Module '$ManifestPath'; & '$examples/$Command"
        $LASTEXITCODE | Should -Be 0
    }

    # The same, for what it put out as objects.
    function Invoke-Recipe {
        param([string] $Command)
        Invoke-RecipeText -Command "$Command | ConvertTo-Json -Depth 3 -Compress -EnumsAsStrings" | ConvertFrom-Json
    }

    # A portmgmt on the path, of the command line that was built.
    function Install-TestCommand {
        $program = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../src/PortMgmt.Cli/bin/*/net10.0/portmgmt.dll') |
            Sort-Object -Property LastWriteTime |
            Select-Object -Last 1
        $bin = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'bin') -Force).FullName
        if ($program) {
            New-TestScript -Path "$bin/portmgmt" -Line "exec dotnet '$program' `"`$@`""
            $bin
        }
    }

    function New-TestScript {
        param([string] $Path, [string[]] $Line)
        Set-Content -Path $Path -Value (@('#!/bin/sh') + $Line)
        & chmod +x $Path
    }

    # A run that is tied to the test: whatever happens, it does not outlive it.
    function Start-TestCommand {
        param([string] $Command, [string] $Bin)
        $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
        '-c', "exec $Command" | ForEach-Object -Process { $start.ArgumentList.Add($_) }
        $start.Environment['PATH'] = "${Bin}:$($env:PATH)"
        $start.WorkingDirectory = $TestDrive
        [System.Diagnostics.Process]::Start($start)
    }
}

AfterAll {
    Clear-TestRegistry
    Clear-TestBuild
}

Describe 'Recipes in a shell that is <Kind>' -ForEach $shells {
    BeforeAll {
        $TestShell, $TestShellDll = $Program, $Dll
    }

    It 'the demo shows a lease, another, the end of its owner, and a batch' {
        $said = (Invoke-RecipeText -Command "demo.ps1'") -join "`n"
        $said | Should -Match '(?s)\n *(\d+) Tcp +web .*\n *(?!\1)(\d+) Tcp +api +(\d+) Active.*\n *\2 Tcp +api +\3 Stale.*\n *\2 Tcp +api +(?!\3)\d+ Active'
        $said | Should -Match '9990 Succeeded\n +10 Failed'
        $said | Should -Match 'SuccessRate +: 99.90 %'
        $said | Should -Match 'dotnet pwsh'
        $said | Should -Not -Match "`e"
        Get-Process -Id ([regex]::Match($said, '\[(\d+)\] PS>').Groups[1].Value) -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-ChildItem -Path ([System.IO.Path]::GetTempPath()) -Filter 'portmgmt-demo-*' | Should -BeNullOrEmpty
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'three services find each other by name' {
        $found = Invoke-Recipe "three-services.ps1'"
        $found.Answer | Should -Be 'web -> api -> db'
        $found.Web, $found.Api, $found.Db | Sort-Object -Unique | Should -HaveCount 3
        Wait-Until { -not (Get-PortLease -State Active) }
    }

    It 'the matrix has a port for each test, and says which fails' {
        $cells = Invoke-Recipe "test-matrix.ps1' -Failing 'v2/tls'"
        $cells | Should -HaveCount 9
        ($cells.Port | Sort-Object -Unique).Count | Should -BeGreaterThan 1
        ($cells | Where-Object -Property Cell -NE 'v2/tls').Status | Select-Object -Unique | Should -Be 'Succeeded'
        $failed = $cells | Where-Object -Property Cell -EQ 'v2/tls'
        $failed.Status | Should -Be 'Failed'
        $failed.Error | Should -Match 'nonsense'
        Get-PortLease -State Active | Should -BeNullOrEmpty
    }

    It 'the health check retries what is busy and reports what is broken' {
        $report = Invoke-Recipe "health-check.ps1' -Count 5000 -ReportPath '$TestDrive/health.html'"
        $report.Endpoints | Should -Be 5000
        $report.Healthy | Should -Be 4995
        $report.Unhealthy | Should -Be '1000: HTTP 500', '2000: HTTP 500', '3000: HTTP 500', '4000: HTTP 500', '5000: HTTP 500'
        # 95 were busy once, and 5 were tried twice more.
        $report.Retries | Should -Be 105
        Get-Content -Path "$TestDrive/health.html" -Raw | Should -Match '(?s)^<!DOCTYPE html>.*HTTP 500'
    }

    It 'the runbook goes on where it was killed' {
        $place = New-Item -ItemType Directory -Path (Join-Path $TestDrive $Kind)
        $hosts = 1..60 | ForEach-Object -Process { "host$_" }
        Set-Content -Path "$place/hosts.txt" -Value $hosts
        $script = "& '$examples/overnight-runbook.ps1' -HostName (Get-Content '$place/hosts.txt') -JobLog '$place/night.jsonl' -Target '$place/marks'"
        $night = Start-TestShell -Command "Import-Module '$ManifestPath'; $script -StepMilliseconds 200"
        Wait-Until { @(Get-Content -Path "$place/night.jsonl" -ErrorAction Ignore).Count -ge 8 }
        Stop-TestProcess -Process $night
        $done = @(Get-Content -Path "$place/night.jsonl" | ConvertFrom-Json -ErrorAction Ignore | Where-Object -Property Status -EQ 'Succeeded').id
        $done.Count | Should -BeIn (1..59)
        $before = @{}
        $done | ForEach-Object -Process { $before[$_] = @(Get-Content -Path "$place/marks/$_").Count }

        $morning = Invoke-TestShell -Command "Import-Module '$ManifestPath'; ($script -StepMilliseconds 0 6>`$null | Measure-Object -Property Count -Sum).Sum"
        [int] $morning | Should -Be (60 - $done.Count)
        $hosts | ForEach-Object -Process { "$place/marks/$_" | Should -Exist }
        $done | ForEach-Object -Process { @(Get-Content -Path "$place/marks/$_").Count | Should -Be $before[$_] -Because "$_ had succeeded" }
    }

    It 'a service is waited for, then used' {
        $found = Invoke-Recipe "wait-then-use.ps1'"
        $found.Status | Should -Be 'Succeeded'
        $found.Answer | Should -Be 'ready'
        Get-PortListener -Port $found.Port -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'who holds a port is found, shown with -WhatIf, and stopped' {
        $port = Find-UsablePort
        $code = "`$l = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, $port); `$l.Start(); Start-Sleep -Seconds 300"
        $holder = Start-TestShell -Command $code
        try {
            Wait-Port -Port $port -Timeout 2m
            Invoke-RecipeText "free-port.ps1' $port -WhatIf" | Out-String | Should -Match "What if: .*process $($holder.Id) "
            $holder.HasExited | Should -BeFalse
            $null = New-PortLease -Port $port -Adopt
            Invoke-RecipeText "free-port.ps1' $port -Confirm:`$false" | Out-String | Should -Match "process $($holder.Id)"
            $holder.WaitForExit(60000) | Should -BeTrue
            Test-Port -Port $port -Quiet | Should -BeTrue
        }
        finally {
            Stop-TestProcess -Process $holder
        }
    }
}

Describe 'Services on a leased port' -Skip:$IsWindows {
    BeforeAll {
        $bin = Install-TestCommand
    }

    BeforeEach {
        if (-not $bin) {
            Set-ItResult -Skipped -Because 'the command line has not been built'
        }
    }

    It 'the unit becomes the server, with the port, and the lease ends with it' {
        $unit = Join-Path $examples 'services/portmgmt-web.service'
        $command = (Select-String -Path $unit -Pattern '^ExecStart=(.+)$').Matches[0].Groups[1].Value
        $command | Should -Match '^/usr/local/bin/portmgmt run '
        $command | Should -Match ' -- /opt/web/server '
        New-TestScript -Path "$TestDrive/server" -Line "echo `"`$PORT `$*`" > '$TestDrive/started'", 'exec sleep 300'
        $service = Start-TestCommand -Bin $bin -Command $command.Replace('/usr/local/bin/portmgmt', "$bin/portmgmt").Replace('/opt/web/server', "$TestDrive/server")
        try {
            Wait-Until { Test-Path -Path "$TestDrive/started" }
            $lease = Get-PortLease -Name web
            $lease.OwnerProcessId | Should -Be $service.Id
            Wait-Until { (Get-Content -Path "$TestDrive/started") -eq "$($lease.Port) --port $($lease.Port)" }
        }
        finally {
            Stop-TestProcess -Process $service
        }
        Wait-Until { -not (Get-PortLease -Name web -State Active -ErrorAction Ignore) }
    }

    It 'systemd has nothing against the unit' {
        if (-not (Get-Command -Name systemd-analyze -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no systemd-analyze'
        }
        # The programs that the unit names are not here, so it is looked at with one that is.
        $text = (Get-Content -Path (Join-Path $examples 'services/portmgmt-web.service') -Raw).Replace('/usr/local/bin/portmgmt', "$bin/portmgmt")
        Set-Content -Path "$TestDrive/web.service" -Value $text -NoNewline
        $said = & systemd-analyze verify --man=no "$TestDrive/web.service" 2>&1 | Where-Object -FilterScript { $_ -match 'web\.service' }
        $said | Should -BeNullOrEmpty
    }

    It '<Name>: serves on the socket that it is handed, to whoever came before it' -ForEach @(
        @{ Name = 'C#'; Program = 'dotnet'; Command = 'dotnet web/WebService.dll' }
        @{ Name = 'Python'; Program = 'python3'; Command = "python3 '{0}/services/listen.py'" }
        @{ Name = 'Node'; Program = 'node'; Command = "node '{0}/services/listen.js'" }
    ) {
        if (-not (Get-Command -Name $Program -CommandType Application -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because "$Program is not installed"
        }
        if ($Name -eq 'C#') {
            Use-TestBuild
            $built = & dotnet build "$examples/WebService" --output "$TestDrive/web" -v quiet 2>&1
            Clear-TestBuild
            $LASTEXITCODE | Should -Be 0 -Because ($built -join "`n")
        }
        # The server starts half a second after its socket: the request waits for it.
        $line = "'$bin/portmgmt' run --name served --listen -- sh -c 'sleep 0.5; exec `"`$@`"' sh $($Command -f $examples)"
        $service = Start-TestCommand -Bin $bin -Command $line
        try {
            Wait-Until { Get-PortLease -Name served -State Active -ErrorAction Ignore }
            $lease = Get-PortLease -Name served -State Active
            Invoke-RestMethod -Uri "http://127.0.0.1:$($lease.Port)/" -TimeoutSec 60 | Should -Be "process $($service.Id)`n"
            $lease.OwnerProcessId | Should -Be $service.Id
        }
        finally {
            Stop-TestProcess -Process $service
        }
        Wait-Until { -not (Get-PortLease -Name served -State Active -ErrorAction Ignore) }
    }

    It 'docker compose is started with a port that it holds' {
        New-TestScript -Path "$bin/docker" -Line "echo `"`$WEB_PORT `$*`" > '$TestDrive/compose'", 'exec sleep 300'
        $script = Join-Path $examples 'services/compose-up.sh'
        $compose = Start-TestCommand -Bin $bin -Command "'$script' --build"
        try {
            Wait-Until { Test-Path -Path "$TestDrive/compose" }
            $lease = Get-PortLease -Name compose-services
            $lease.OwnerProcessId | Should -Be $compose.Id
            $expected = "$($lease.Port) compose --file $(Join-Path $examples 'services/compose.yaml') up --build"
            Wait-Until { (Get-Content -Path "$TestDrive/compose") -eq $expected }
        }
        finally {
            Stop-TestProcess -Process $compose
        }
    }
}

Describe 'Metrics' {
    BeforeAll {
        $seen = Invoke-Recipe "meter-listener.ps1' -Count 50"
    }

    It 'the meter has the instruments that its page has, with their units and tags' {
        $page = Get-Content -Path (Join-Path $examples '../docs/opentelemetry.md')
        $rows = $page | Select-String -Pattern '^\| `(portmgmt\.[\w.]+)` \| [^|]+ \| `([^`]+)` \| (?:`([^`]+)`)? ?\|'
        $documented = $rows | ForEach-Object -Process { '{0} {1} {2}' -f $_.Matches[0].Groups[1, 2, 3].Value }
        $documented | Should -Not -BeNullOrEmpty
        $found = $seen | ForEach-Object -Process { '{0} {1} {2}' -f $_.Instrument, $_.Unit, ($_.Tags -replace '=.*') }
        $found | Sort-Object -Unique | Should -Be ($documented | Sort-Object)
    }

    It 'the meter counts what was done' {
        ($seen | Where-Object -Property Tags -EQ 'portmgmt.status=succeeded').Value | Should -Be 45
        ($seen | Where-Object -Property Tags -EQ 'portmgmt.status=failed').Value | Should -Be 5
        ($seen | Where-Object -Property Instrument -EQ 'portmgmt.operation.duration').Count | Should -Be 50
    }

    It 'OpenTelemetry exports the meter to a collector' {
        if (-not (Get-Command -Name dotnet -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no dotnet on the path'
        }
        $sample = Join-Path $examples 'MetricsExport'
        Use-TestBuild
        $said = & dotnet restore $sample --artifacts-path "$TestDrive/export" 2>&1
        if ($LASTEXITCODE -ne 0 -and "$said" -match 'NU1101|NU1301') {
            Set-ItResult -Skipped -Because 'OpenTelemetry is not on the feed of this machine'
        }
        $said = & dotnet build $sample --configuration Release --no-restore --artifacts-path "$TestDrive/export" --output "$TestDrive/exporter" 2>&1
        Clear-TestBuild
        $LASTEXITCODE | Should -Be 0 -Because "$said"

        $collector = [System.Net.HttpListener]::new()
        $port = Find-UsablePort
        $collector.Prefixes.Add("http://127.0.0.1:$port/")
        $collector.Start()
        $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', @("$TestDrive/exporter/MetricsExport.dll", "http://127.0.0.1:$port/v1/metrics"))
        $exporter = [System.Diagnostics.Process]::Start($start)
        try {
            $script:text = ''
            Wait-Until {
                $request = $collector.GetContextAsync()
                Wait-Until { $request.IsCompleted -or $exporter.HasExited }
                if ($request.IsCompleted) {
                    $content = [System.IO.MemoryStream]::new()
                    $request.Result.Request.InputStream.CopyTo($content)
                    $request.Result.Request.Url.AbsolutePath | Should -Be '/v1/metrics'
                    $script:text += [System.Text.Encoding]::Latin1.GetString($content.ToArray())
                    $request.Result.Response.Close()
                }
                $exporter.HasExited
            }
            $exporter.ExitCode | Should -Be 0
            'portmgmt.operation.duration', 'portmgmt.operations', 'portmgmt.cache.hit_ratio', 'portmgmt.scheduler', 'checks' |
                ForEach-Object -Process { $script:text.Contains($_) | Should -BeTrue -Because $_ }
        }
        finally {
            Stop-TestProcess -Process $exporter
            $collector.Close()
        }
    }
}
