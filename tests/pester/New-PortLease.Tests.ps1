BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'New-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'leases a port of the default range to this process' {
        $lease = New-PortLease -Name web
        $lease | Should -BeOfType ([PortMgmt.Leases.PortLease])
        $lease.Port | Should -BeGreaterOrEqual 10000
        $lease.Port | Should -BeLessOrEqual 29999
        $lease.Name | Should -Be 'web'
        $lease.Protocol | Should -Be 'Tcp'
        $lease.OwnerProcessId | Should -Be $PID
        $lease.State | Should -Be 'Active'
        $lease.ExpiresAt | Should -BeNullOrEmpty
        $lease.Token | Should -Not -BeNullOrEmpty
    }

    It 'leases a port without any argument' {
        (New-PortLease).Name | Should -BeNullOrEmpty
    }

    It 'makes a new lease each time' {
        $ports = 1..20 | ForEach-Object -Process { (New-PortLease -Name web).Port }
        $ports | Sort-Object -Unique | Should -HaveCount 20
    }

    It 'leases exactly -Port' {
        $port = Find-UsablePort
        (New-PortLease -Port $port).Port | Should -Be $port
    }

    It 'takes -PreferredPort when it can be had, and another when not' {
        $port = Find-UsablePort
        (New-PortLease -PreferredPort $port).Port | Should -Be $port
        (New-PortLease -PreferredPort $port).Port | Should -Not -Be $port
    }

    It 'takes the first of several -PreferredPort that can be had, given as <_>' -ForEach 'numbers', 'text', 'a cell' {
        $taken = New-PortLease
        $port = Find-UsablePort
        $lease = switch ($_) {
            'numbers' { New-PortLease -PreferredPort $taken.Port, $port }
            'text' { New-PortLease -PreferredPort "$($taken.Port),$port" }
            default { [pscustomobject]@{ PreferredPort = "$($taken.Port), $port" } | New-PortLease }
        }
        $lease.Port | Should -Be $port
        (New-PortLease -PreferredPort $taken.Port, $port).Port | Should -Not -BeIn $taken.Port, $port
    }

    It 'refuses the number <typed> as a name' -ForEach @(
        @{ Typed = '8080'; Guess = "did you mean -Port 8080? Write '8080' in quotes for the name." }
        @{ Typed = '99999'; Guess = "99999 is a number and not the name of a lease: Write '99999'" }
        @{ Typed = '80.5'; Guess = "Write '80.5'" }
        @{ Typed = '0x1F90'; Guess = 'did you mean -Port 8080?' }
        @{ Typed = '8080l'; Guess = 'did you mean -Port 8080?' }
        @{ Typed = '8080n'; Guess = 'did you mean -Port 8080?' }
        @{ Typed = '2d'; Guess = 'did you mean -Port 2?' }
        @{ Typed = '1kb'; Guess = 'did you mean -Port 1024?' }
        @{ Typed = '(Write-Output -NoEnumerate 8080, 8081)'; Guess = 'did you mean -Port 8080?' }
        @{ Typed = '([System.Collections.ArrayList] (8080, 8081))'; Guess = 'did you mean -Port 8080?' }
    ) {
        $pattern = '*' + [WildcardPattern]::Escape($guess) + '*'
        foreach ($call in "New-PortLease $typed", "$typed | New-PortLease", "Get-PortLease $typed", "Remove-PortLease $typed", "Update-PortLease $typed -TimeToLive 1m", "Use-PortLease $typed { }") {
            { & ([scriptblock]::Create($call)) } | Should -Throw -ExpectedMessage $pattern
        }
        { [pscustomobject]@{ Name = 8080 } | New-PortLease -ErrorAction Stop } | Should -Throw -ExpectedMessage '*did you mean -Port 8080*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'calls a number as it was typed' {
        { New-PortLease 0x1F90 } | Should -Throw "*0x1F90 is the number 8080 to PowerShell and not the name of a lease: did you mean -Port 8080? Write '0x1F90' in quotes for the name."
        { New-PortLease 2d } | Should -Throw "*Write '2d' in quotes for the name."
    }

    It 'takes digits as text for a name' {
        (New-PortLease '8080').Name | Should -BeExactly '8080'
        ('8081' | New-PortLease).Name | Should -BeExactly '8081'
        ("Name`n8082" | ConvertFrom-Csv | New-PortLease).Name | Should -BeExactly '8082'
        (New-PortLease '2d').Name | Should -BeExactly '2d'
        (Get-PortLease '8080').Name | Should -BeExactly '8080'
        (Get-PortLease '2d').Name | Should -BeExactly '2d'
    }

    It 'takes lists of names of any kind, and of nothing else: <_>' -ForEach 'List[string]', 'ArrayList', 'HashSet[string]' {
        $names = switch ($_) {
            'ArrayList' { , [System.Collections.ArrayList] ('web', 'api') }
            'HashSet[string]' { , [System.Collections.Generic.HashSet[string]] [string[]] ('web', 'api') }
            default { , [System.Collections.Generic.List[string]] ('web', 'api') }
        }
        $leases = New-PortLease $names
        $leases.Name | Should -Be 'web', 'api'
        (, $names | New-PortLease).Name | Should -Be 'web', 'api'
        Use-PortLease $names { $PortLease.Name } | Should -Be 'web', 'api'
        Get-PortLease $names | Should -HaveCount 4
        { , @(@{ Name = 'web' }) | New-PortLease -ErrorAction Stop } | Should -Throw '*The keys of a hashtable*'
        foreach ($other in $leases, @(Get-Process -Id $PID), @(Get-Item -Path $PSHOME), @([pscustomobject] @{ Name = 'web' })) {
            # As a row, the list would have a Count.
            { , $other | New-PortLease -ErrorAction Stop } | Should -Throw '*A list is taken for names alone*'
            { New-PortLease $other } | Should -Throw '*A list is taken for names alone*'
            { Use-PortLease $other { } } | Should -Throw '*cannot process argument*Name*'
        }
        Get-PortLease | Should -HaveCount 4
    }

    It 'takes names as packages of npm have them' {
        (New-PortLease '@acme/web').Name | Should -BeExactly '@acme/web'
        (Get-PortLease '@acme/*').Name | Should -BeExactly '@acme/web'
    }

    It 'refuses a hashtable and a copy of a process, whose members would be taken for others' {
        { @{ Name = 'web'; Port = 8080 } | New-PortLease } | Should -Throw '*pscustomobject*'
        { Get-Process -Id $PID | Select-Object -Property Id, Name | New-PortLease } | Should -Throw '*-ProcessId*'
        { Get-Process -Id $PID | Select-Object -Property Id, Name | Get-PortLease } | Should -Throw '*-ProcessId*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'takes processes from the pipeline as owners' {
        $owner = Start-TestProcess
        try {
            $lease = $owner | New-PortLease
            $lease.OwnerProcessId | Should -Be $owner.Id
            $lease.Name | Should -BeNullOrEmpty
            ($owner | New-PortLease web).Name | Should -Be 'web'
            (New-PortLease api -Process $owner).OwnerProcessId | Should -Be $owner.Id
            (New-PortLease own -OwnerProcessId $PID).OwnerProcessId | Should -Be $PID
            (Get-Process -Id $owner.Id | Get-PortLease).Name | Sort-Object | Should -Be '', 'api', 'web'
            ($owner | Get-PortLease web).Name | Should -Be 'web'
            (Get-Process -Id $PID | Update-PortLease web -PassThru).OwnerProcessId | Should -Be $PID
            ($owner | Update-PortLease -Port (Get-PortLease own).Port -PassThru).OwnerProcessId | Should -Be $owner.Id
            { Get-Process -Id $PID | Update-PortLease -ErrorAction Stop } | Should -Throw -ExpectedMessage '*No lease is named*'
        }
        finally {
            Stop-TestProcess $owner
        }
    }

    It 'refuses <what> as an owner' -Skip:(-not $IsLinux) -ForEach @(
        @{ What = 'a thread'; Id = { Split-Path -Leaf (Get-ChildItem "/proc/$PID/task" | Where-Object -Property Name -NE "$PID" | Select-Object -First 1) }; Pattern = '*is the id of a thread*' }
        @{ What = 'the first process of the machine'; Id = { 1 }; Pattern = '*never ends*' }
    ) {
        if ($what -like '*machine' -and (Get-Item /proc/self/ns/pid).Target -ne 'pid:[4026531836]') {
            Set-ItResult -Skipped -Because 'this is a container'
        }
        { New-PortLease -ProcessId (& $id) -ErrorAction Stop } | Should -Throw -ExpectedMessage $pattern -ErrorId 'OwnerNotFound,*'
    }

    It 'keeps to -Range, given as text or as an object' {
        (New-PortLease -Range '21000-21009').Port | Should -BeIn (21000..21009)
        (New-PortLease -Range ([PortMgmt.Ports.PortRange]::new(21000, 21009))).Port | Should -BeIn (21000..21009)
    }

    It 'keeps off -Exclude, given as ports, ranges and text' {
        $ports = 1..3 | ForEach-Object -Process { (New-PortLease -Range 21010-21019 -Exclude 21010, '21011-21014', '21015,21016').Port }
        $ports | Sort-Object | Should -Be 21017, 21018, 21019
    }

    It 'refuses <value> as a range, and says what one looks like' -ForEach @(
        @{ Value = '20-10' }, @{ Value = 'abc' }, @{ Value = '0-5' }, @{ Value = 70000 }
    ) {
        { New-PortLease -Range $value } | Should -Throw -ExpectedMessage "*'$value' is no port range*" -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'leases -Count ports' {
        $leases = New-PortLease -Count 5
        $leases.Port | Sort-Object -Unique | Should -HaveCount 5
    }

    It 'leases -Count -Contiguous ports that follow one another' {
        $ports = (New-PortLease -Count 4 -Contiguous).Port
        $ports | Should -Be ($ports[0]..($ports[0] + 3))
    }

    It 'leases <_>' -ForEach 'Tcp', 'Udp', 'Both' {
        (New-PortLease -Protocol $_).Protocol | Should -Be $_
    }

    It 'understands -TimeToLive <value>' -ForEach @(
        @{ Value = '10m'; Seconds = 600 }
        @{ Value = '90s'; Seconds = 90 }
        @{ Value = '1h30m'; Seconds = 5400 }
        @{ Value = '00:02:00'; Seconds = 120 }
        @{ Value = [timespan]::FromMinutes(3); Seconds = 180 }
        @{ Value = 45; Seconds = 45 }
        @{ Value = '45'; Seconds = 45 }
    ) {
        $lease = New-PortLease -TimeToLive $value
        [math]::Round(($lease.ExpiresAt - $lease.CreatedAt).TotalSeconds) | Should -Be $seconds
    }

    It 'refuses <_> as a length of time, and says how to write one' -ForEach 'soon', '10x', 'm', '5m3' {
        { New-PortLease -TimeToLive $_ } | Should -Throw -ExpectedMessage "*'$_' is no duration. Write a number with ms, s, m, h or d,*"
    }

    It 'takes what is typed for a number that PowerShell makes of it: <typed>' -ForEach @(
        @{ Typed = '1d'; Seconds = 86400 }
        @{ Typed = '1.5d'; Seconds = 129600 }
        @{ Typed = '10s'; Seconds = 10 }
        @{ Typed = '90'; Seconds = 90 }
        @{ Typed = '90.50'; Seconds = 90.5 }
    ) {
        foreach ($call in "New-PortLease -TimeToLive $typed", "New-PortLease -TimeToLive:$typed", "New-PortLease -Ttl $typed") {
            $lease = & ([scriptblock]::Create($call))
            ($lease.ExpiresAt - $lease.CreatedAt).TotalSeconds | Should -Be $seconds
            (& ([scriptblock]::Create("`$args[0] | Update-PortLease -TimeToLive $typed -PassThru")) $lease).ExpiresAt | Should -BeGreaterThan $lease.CreatedAt
        }
        (& ([scriptblock]::Create("Set-PortPolicy -MaxTimeToLive $typed -PassThru"))).MaxTimeToLive.TotalSeconds | Should -Be $seconds
    }

    It 'refuses <typed>, which PowerShell reads as a number, and says how to write it' -ForEach @(
        @{ Typed = '1us'; Way = "Write '1s'" }
        @{ Typed = '1y'; Way = "Write '1s'" }
        @{ Typed = '1ul'; Way = "Write '1s'" }
        @{ Typed = '1n'; Way = "Write '1s'" }
        @{ Typed = '1e3'; Way = "Write '1000s'" }
        @{ Typed = '0x10'; Way = "Write '16s'" }
        @{ Typed = '1kb'; Way = "Write '1024s'" }
        @{ Typed = '1D'; Way = 'Write 1d' }
        @{ Typed = '10S'; Way = 'Write 10s' }
        @{ Typed = '10000d'; Way = 'The longest is 3650d' }
        @{ Typed = "'99999999999999d'"; Way = 'The longest is 3650d' }
        @{ Typed = "'24:00:00'"; Way = 'Write 24h' }
    ) {
        { & ([scriptblock]::Create("New-PortLease -TimeToLive $typed")) } | Should -Throw -ExpectedMessage "*is no duration*$way*"
        { & ([scriptblock]::Create("Wait-Port 9 -Timeout $typed")) } | Should -Throw -ExpectedMessage "*is no duration*$way*"
        { & ([scriptblock]::Create("1 | Start-OperationBatch { 1 } -TimeoutSeconds $typed")) } | Should -Throw -ExpectedMessage "*is no duration*$way*"
    }

    It 'refuses a bare decimal <_>, which may be one of days' -ForEach @(
        '-TimeToLive (1d)', '-TimeToLive $x', '@splat'
    ) {
        $message = "*'1d'*86400*"
        { & ([scriptblock]::Create("`$x = 1d; `$splat = @{ TimeToLive = 1d }; New-PortLease $_")) } | Should -Throw -ExpectedMessage $message
        { [pscustomobject]@{ TimeToLive = 1d } | New-PortLease -ErrorAction Stop } | Should -Throw -ExpectedMessage $message
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'reads every parameter that is a length of time alike' {
        $lengths = foreach ($command in Get-Command -Module PortMgmt) {
            $command.Parameters.Values | Where-Object -FilterScript {
                $_.Name -notin [System.Management.Automation.PSCmdlet]::CommonParameters -and
                ($_.ParameterType -in [timespan], [Nullable[timespan]] -or $_.Name -cmatch '(Seconds|Ms)$')
            }
        }
        $lengths.Count | Should -BeGreaterThan 10
        $lengths | Where-Object -FilterScript { -not ($_.Attributes | Where-Object -FilterScript { $_.GetType().Name -cmatch '^Duration' }) } |
            Should -BeNullOrEmpty
    }

    It 'reads lengths of time by the table that holds for the command line too' {
        $attribute = (Get-Command -Name New-PortLease).Parameters['TimeToLive'].Attributes |
            Where-Object -FilterScript { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] -and $_.GetType().Name -like 'Duration*' }
        foreach ($row in Import-Csv -Path (Join-Path $PSScriptRoot '../tables/durations.csv') -Delimiter ';') {
            $read = try { $attribute.Transform($null, $row.Text).TotalMilliseconds } catch { '' }
            "$($row.Text) is $read" | Should -BeExactly "$($row.Text) is $($row.Milliseconds)"
        }
    }

    It 'leases for nobody with -NoOwner and a time to live' {
        (New-PortLease -NoOwner -TimeToLive 5m).OwnerProcessId | Should -BeNullOrEmpty
    }

    It 'refuses -NoOwner without a time to live' {
        { New-PortLease -NoOwner } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'leases for another process with -ProcessId' {
        $process = Start-TestProcess
        try {
            (New-PortLease -ProcessId $process.Id).OwnerProcessId | Should -Be $process.Id
        }
        finally {
            Stop-TestProcess -Process $process
        }
    }

    It 'has -ProcessId, -NoOwner and -Adopt in sets of their own' {
        { New-PortLease -NoOwner -ProcessId $PID } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { New-PortLease -Adopt -NoOwner -Port 8080 } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'gives the same lease again with -Reuse' {
        $first = New-PortLease -Name api -Reuse
        (New-PortLease -Name API -Reuse).Port | Should -Be $first.Port
        (New-PortLease -Name api).Port | Should -Not -Be $first.Port
    }

    It 'refuses -Reuse of a lease with other terms' {
        $first = New-PortLease -Name api
        $other = $first.Port -eq 20000 ? 20001 : 20000
        $failure = { New-PortLease -Name api -Reuse -Port $other } | Should -Throw -ErrorId 'LeaseConflict,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        $failure.TargetObject | Should -Be 'api'
    }

    It 'gives an ownerless lease again by its token' {
        $first = New-PortLease -Name api -NoOwner -TimeToLive 5m
        (New-PortLease -Name api -NoOwner -TimeToLive 5m -Reuse -Token $first.Token).Port | Should -Be $first.Port
    }

    It 'adopts the port of a listener' {
        $listener = Start-TestListener
        try {
            $port = $listener.LocalEndpoint.Port
            $lease = New-PortLease -Name running -Adopt -Port $port
            $lease.Port | Should -Be $port
            $lease.OwnerProcessId | Should -Be $PID
        }
        finally {
            $listener.Stop()
        }
    }

    It 'does not adopt a port on which nothing listens' {
        $failure = { New-PortLease -Adopt -Port (Find-UsablePort) } | Should -Throw -ErrorId 'ListenerNotFound,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'refuses a leased port with the id PortUnavailable' {
        $lease = New-PortLease -Name web
        $failure = { New-PortLease -Port $lease.Port } |
            Should -Throw -ErrorId 'PortUnavailable,PortMgmt.PowerShell.Commands.NewPortLeaseCommand' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $failure.TargetObject | Should -Be $lease.Port
        $failure.Exception | Should -BeOfType ([PortMgmt.Ports.PortRegistryException])
        $failure.Exception.Refusal | Should -Be 'Leased'
    }

    It 'refuses a port on which somebody listens' {
        $listener = Start-TestListener
        try {
            $port = $listener.LocalEndpoint.Port
            $failure = { New-PortLease -Port $port } | Should -Throw -ErrorId 'PortUnavailable,*' -PassThru
            $failure.Exception.Refusal | Should -Be 'Listening'
        }
        finally {
            $listener.Stop()
        }
    }

    It 'says when a range is exhausted' {
        $null = New-PortLease -Range 21020-21021 -Count 2
        $failure = { New-PortLease -Range 21020-21021 } | Should -Throw -ErrorId 'PortRangeExhausted,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'LimitsExceeded'
    }

    It 'refuses the name <_>' -ForEach 'a b', 'x/../"', ('n' * 10000), "bell`a", "`u{1F980}" {
        $failure = { New-PortLease -Name $_ } | Should -Throw -ErrorId 'InvalidRequest,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'goes on after an item that failed' {
        $lease = New-PortLease
        $rows = [pscustomobject]@{ Name = 'a'; Port = $lease.Port }, [pscustomobject]@{ Name = 'b'; Port = 0 }
        $leases = $rows | New-PortLease -ErrorAction SilentlyContinue -ErrorVariable failures
        $leases.Name | Should -Be 'b'
        $failures | Should -HaveCount 1
        $failures[0].TargetObject | Should -Be 'a'
    }

    It 'warns of the rules that an explicit port overrode' {
        $lease = New-PortLease -Name web
        $lease | Remove-PortLease
        $null = New-PortLease -Port $lease.Port -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
    }

    It 'keeps nothing when a warning stops it' {
        $lease = New-PortLease -Name web
        $lease | Remove-PortLease
        { New-PortLease -Port $lease.Port -WarningAction Stop } | Should -Throw
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'leases nothing with -WhatIf' {
        New-PortLease -Name web -WhatIf | Should -BeNullOrEmpty
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'says in verbose which registry it used and why' {
        $messages = New-PortLease -Name web -Verbose 4>&1 | Where-Object -FilterScript { $_ -is [System.Management.Automation.VerboseRecord] }
        $messages.Message | Should -Contain "Registry ${env:PORTMGMT_REGISTRY}: named by the environment variable PORTMGMT_REGISTRY."
        $messages.Message -match 'until process' | Should -HaveCount 1
    }

    It 'uses the registry that -Registry names, relative to the current location' {
        Push-Location -Path $TestDrive
        try {
            $lease = New-PortLease -Name elsewhere -Registry ./elsewhere
        }
        finally {
            Pop-Location
        }
        Get-PortLease | Should -BeNullOrEmpty
        (Get-PortLease -Registry (Join-Path $TestDrive 'elsewhere')).Port | Should -Be $lease.Port
    }
}

Describe 'New-PortLease with several names' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'leases a port for each, in their order' {
        $leases = New-PortLease web, api, db -Scope shop -TimeToLive 10m
        $leases.Name | Should -Be 'web', 'api', 'db'
        $leases.Scope | Select-Object -Unique | Should -Be 'shop'
        $leases.Port | Select-Object -Unique | Should -HaveCount 3
        (Get-PortLease).Count | Should -Be 3
    }

    It 'has one list of ports for all, with 0 for any' {
        $first, $second = (Find-UsablePort), (Find-UsablePort)
        (New-PortLease web, api -Port $first, 0)[0].Port | Should -Be $first
        (New-PortLease db, log -PreferredPort 0, $second)[1].Port | Should -Be $second
    }

    It 'leases none when one cannot be had' {
        $taken = New-PortLease taken
        $leases = New-PortLease web, api -Port 0, $taken.Port -ErrorVariable failures -ErrorAction SilentlyContinue
        $leases | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'PortUnavailable,PortMgmt.PowerShell.Commands.NewPortLeaseCommand'
        $failures[0].Exception.Message | Should -BeLike "'api' cannot be had: *Nothing was leased: 2 were asked for together."
        $failures[0].TargetObject | Should -Be 'web', 'api'
        (Get-PortLease).Name | Should -Be 'taken'
    }

    It 'finds each again with -Reuse' {
        $before = New-PortLease web, api
        (New-PortLease api, web -Reuse).Port | Should -Be $before[1].Port, $before[0].Port
        (Get-PortLease).Count | Should -Be 2
    }

    It 'refuses <_>, and leases nothing' -ForEach @(
        'New-PortLease web, WEB'
        'New-PortLease web, api -Count 2'
        'New-PortLease web, api -Contiguous'
        'New-PortLease web, api -Port 21000'
        'New-PortLease web, api -PreferredPort 21000, 21001, 21002'
        'New-PortLease web -Port 21000, 21001'
        'New-PortLease -Port 21000, 21001'
        "New-PortLease web, ''"
        'New-PortLease @()'
        'New-PortLease web, "no name"'
        'New-PortLease web, api -Reuse -Token x -NoOwner -TimeToLive 1m'
    ) {
        { & ([scriptblock]::Create("$_ -ErrorAction Stop")) } | Should -Throw -ErrorId 'InvalidRequest,PortMgmt.PowerShell.Commands.NewPortLeaseCommand'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'refuses a number among the names, and says what was meant' {
        { New-PortLease web, 8080 } | Should -Throw -ExpectedMessage '*did you mean -Port 8080*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'still makes a lease for each of what is piped in' {
        $leases = 'Name,Port,PreferredPort', 'web,,', 'api,0,"0,0"' | ConvertFrom-Csv | New-PortLease
        $leases.Name | Should -Be 'web', 'api'
        ('u', 'v' | New-PortLease).Name | Should -Be 'u', 'v'
        (, @('x', 'y') | New-PortLease).Name | Should -Be 'x', 'y'
    }

    It 'says with -WhatIf for whom' {
        New-PortLease web, api -WhatIf | Should -BeNullOrEmpty
        Get-PortLease | Should -BeNullOrEmpty
    }
}
